using System.Text;
using System.Text.Json;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.State;

/// <summary>The state of one job in the table of all jobs: the entries whose keys begin with <c>state/JOB/</c>.</summary>
internal sealed class StateTable(IReadOnlyKafkaCache<string, TableValue> table, string job)
{
    public const int MaxKeyLength = 1_000;

    private readonly string _prefix = JobKeys.State(job);

    /// <summary>The position of the last save of this run.</summary>
    public CachePosition? Saved { get; set; }

    /// <exception cref="JsonException">A record does not contain values.</exception>
    public Dictionary<string, IReadOnlyList<JobValue>> Read()
    {
        var values = new Dictionary<string, IReadOnlyList<JobValue>>(StringComparer.Ordinal);
        foreach (var (key, entry) in table.ScanPrefix(_prefix))
            values[Encoding.UTF8.GetString(TableCodec.BytesOf(key[_prefix.Length..]))] = ValuesOf(entry);
        return values;
    }

    public FencedRecord Record(string key, IReadOnlyList<JobValue> values) => new(
        [.. TableCodec.BytesOf(_prefix), .. Encoding.UTF8.GetBytes(key)], values.Count == 0 ? null : JobValue.ToBytes(values));

    public Task WaitUntilSavedAsync(CancellationToken stop) =>
        Saved is { } position ? table.WaitUntilAppliedAsync(position, stop) : Task.CompletedTask;

    private IReadOnlyList<JobValue> ValuesOf(CacheEntry<TableValue> entry)
    {
        try
        {
            return JobValue.Read(entry.Value.Bytes);
        }
        catch (JsonException unreadable)
        {
            throw new JsonException(
                $"The state of the job '{job}' can't be read: another program has written the record at offset {entry.Offset} of the topic "
                + $"'{table.Topic}'. Write a tombstone for its key.",
                unreadable);
        }
    }
}
