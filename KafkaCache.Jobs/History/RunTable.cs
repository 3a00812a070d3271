using System.Text.Json;
using KafkaCaching.Jobs.State;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.History;

/// <summary>Keeps the last runs of each job in one entry of the table, with the newest run first.</summary>
internal static class RunTable
{
    // Each run begins by writing this record. If it became too large for the brokers, the job could never run again.
    private const int MaxBytes = 500_000;

    /// <exception cref="JsonException">The record does not contain runs.</exception>
    public static IReadOnlyList<JobRunInfo> Read(IReadOnlyKafkaCache<string, TableValue> table, string job)
    {
        if (!table.TryGet(JobKeys.RunsOf(job), out var value))
            return [];
        try
        {
            return JsonSerializer.Deserialize<List<JobRunInfo>>(value.Bytes, JobValue.Json) ?? [];
        }
        catch (JsonException unreadable)
        {
            throw new JsonException(
                $"The runs of the job '{job}' can't be read: another program has written their record. Write a tombstone for the key "
                + $"'{JobKeys.RunsOf(job)}' to the topic '{table.Topic}'.",
                unreadable);
        }
    }

    /// <summary>The record with the runs, without the oldest ones if it would be too large.</summary>
    public static FencedRecord Record(string job, IReadOnlyList<JobRunInfo> runs)
    {
        var bytes = ToBytes(runs);
        for (var kept = runs.Count; bytes.Length > MaxBytes && kept > 1; bytes = ToBytes(runs.Take(kept)))
            kept -= Math.Max(1, kept / 10);
        return new FencedRecord(TableCodec.BytesOf(JobKeys.RunsOf(job)), bytes);
    }

    private static byte[] ToBytes(IEnumerable<JobRunInfo> runs) => JsonSerializer.SerializeToUtf8Bytes(runs, JobValue.Json);
}
