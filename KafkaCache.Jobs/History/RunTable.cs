using System.Text.Json;
using KafkaCaching.Jobs.State;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.History;

/// <summary>Keeps the last runs of each job in one entry of the table, with the newest run first.</summary>
internal static class RunTable
{
    public static IReadOnlyList<JobRunInfo> Read(IReadOnlyKafkaCache<string, TableValue> table, string job) =>
        table.TryGet(JobKeys.RunsOf(job), out var value)
            ? JsonSerializer.Deserialize<List<JobRunInfo>>(value.Bytes, JobValue.Json) ?? []
            : [];

    public static FencedRecord Record(string job, IReadOnlyList<JobRunInfo> runs) =>
        new(TableCodec.BytesOf(JobKeys.RunsOf(job)), JsonSerializer.SerializeToUtf8Bytes(runs, JobValue.Json));
}
