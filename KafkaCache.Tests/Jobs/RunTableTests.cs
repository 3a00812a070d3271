using System.Text.Json;
using KafkaCaching.Jobs;
using KafkaCaching.Jobs.History;
using KafkaCaching.Jobs.State;

namespace KafkaCaching.Tests.Jobs;

public sealed class RunTableTests
{
    [Fact]
    public void The_oldest_runs_are_dropped_if_all_do_not_fit_into_one_record()
    {
        JobRunInfo[] runs = [.. Enumerable.Range(0, 1_000).Select(static i => new JobRunInfo(
            $"{i}", default, default, EndedAt: null, JobRunOutcome.Failed, "machine", i, new string('x', 2_000)))];

        var record = RunTable.Record("import", runs);

        Assert.InRange(record.Value!.Length, 400_000, 500_000);
        var kept = JsonSerializer.Deserialize<List<JobRunInfo>>(record.Value, JobValue.Json)!;
        Assert.Equal(runs[..kept.Count], kept);
    }

    [Fact]
    public void All_runs_that_fit_are_kept()
    {
        JobRunInfo[] runs = [.. Enumerable.Range(0, 1_000).Select(static i => new JobRunInfo(
            $"{i}", default, default, EndedAt: null, JobRunOutcome.Succeeded, "machine", i, Error: null))];
        Assert.Equal(runs, JsonSerializer.Deserialize<List<JobRunInfo>>(RunTable.Record("import", runs).Value!, JobValue.Json));
    }
}
