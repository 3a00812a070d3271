using KafkaCaching.Jobs.Logs;
using KafkaCaching.Jobs.State;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.History;

/// <summary>Reads the history of all jobs from the tables of their states and logs.</summary>
internal sealed class JobHistory(IReadOnlyKafkaCache<string, TableValue> table, IReadOnlyKafkaCache<string, JobLogLine> logs) : IJobHistory
{
    public IReadOnlyList<string> Jobs => [.. JobKeys.Jobs(table).Order(StringComparer.Ordinal)];

    public IReadOnlyList<JobRunInfo> Runs(string job)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        return RunTable.Read(table, job);
    }

    public IReadOnlyDictionary<string, IReadOnlyList<JobValue>> State(string job)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        return new StateTable(table, job).Read();
    }

    public IReadOnlyList<JobLogLine> Lines(JobLogQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);

        // Keys sort by run and, within a run, by line number. A store that evicts old entries has no sorted index, so all keys are scanned.
        // Lines are then decoded from the newest to the oldest, until there are enough.
        var prefix = query.Run is null ? LogKeys.Job(query.Job) : LogKeys.Run(query.Job, query.Run);
        string[] keys = [.. logs.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
        Array.Sort(keys, StringComparer.Ordinal);
        var lines = new List<JobLogLine>();
        for (var i = keys.Length - 1; i >= 0 && lines.Count < query.MaxLines; i--)
        {
            if (logs.TryGet(keys[i], out var line) && IsWanted(line, query))
                lines.Add(line);
        }

        lines.Reverse();
        return lines;
    }

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken = default)
    {
        await table.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
        await logs.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    private static bool IsWanted(JobLogLine line, JobLogQuery query) =>
        line.Level >= query.MinLevel && (query.Machine is null || line.Machine == query.Machine);
}
