using System.Text;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.State;

/// <summary>The state of one job in the table of all jobs: the entries whose keys begin with <c>state/JOB/</c>.</summary>
internal sealed class StateTable(IReadOnlyKafkaCache<string, TableValue> table, string job)
{
    public const int LongestKey = 1_000;

    private readonly string _prefix = JobKeys.State(job);

    /// <summary>The position of the last save of this run.</summary>
    public CachePosition? Saved { get; set; }

    public Dictionary<string, IReadOnlyList<JobValue>> Read()
    {
        var values = new Dictionary<string, IReadOnlyList<JobValue>>(StringComparer.Ordinal);
        foreach (var (key, entry) in table.ScanPrefix(_prefix))
            values[Encoding.UTF8.GetString(TableCodec.BytesOf(key[_prefix.Length..]))] = JobValue.Read(entry.Value.Bytes);
        return values;
    }

    public FencedRecord Record(string key, IReadOnlyList<JobValue> values) => new(
        [.. TableCodec.BytesOf(_prefix), .. Encoding.UTF8.GetBytes(key)], values.Count == 0 ? null : JobValue.ToBytes(values));

    public Task WaitUntilSavedAsync(CancellationToken stop) =>
        Saved is { } position ? table.WaitUntilAppliedAsync(position, stop) : Task.CompletedTask;
}
