using System.Diagnostics;
using KafkaCaching.Jobs;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Jobs;

public sealed class RunOnceTests(RealBrokerFixture real)
{
    private const int JobWaits = 567;
    private const int JobHeld = 568;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_finds_what_the_run_before_it_saved()
    {
        await using var jobs = await JobsAsync();
        Assert.Equal(KafkaJobs.Succeeded, await jobs.RunOnceAsync(async (run, stop) =>
        {
            Assert.True(run.State.IsEmpty);
            run.State.Set("cursor", 7);
            run.State.Add("seen", "a");
            run.State.Add("seen", "b");
            run.State.Set("gone", true);
            await run.SaveAsync(stop);
            Assert.True(run.State.Remove("gone"));
            run.State.Add("seen", "c"); // This is saved with the end of the run.
        }));
        long token = 0;
        Assert.Equal(KafkaJobs.Succeeded, await jobs.RunOnceAsync(run =>
        {
            token = run.Token;
            Assert.False(run.State.IsEmpty);
            Assert.Equal(7, run.State.Get<int>("cursor"));
            Assert.Equal(["a", "b", "c"], run.State["seen"].Select(static one => one.As<string>()));
            Assert.Equal(["cursor", "seen"], run.State.All.Keys.Order());
            Assert.False(run.State.TryGet<bool>("gone", out _));
            Assert.All(
                run.State["seen"], static one => Assert.InRange(one.At, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow));
            run.State.Clear();
        }));
        await jobs.RunOnceAsync(run =>
        {
            Assert.True(run.State.IsEmpty);
            Assert.True(run.Token > token);
        });
    }

    [Fact]
    public async Task A_run_that_fails_ends_with_1_and_what_it_had_not_saved_is_dropped()
    {
        await using var jobs = await JobsAsync();
        Assert.Equal(KafkaJobs.Failed, await jobs.RunOnceAsync(static async (run, stop) =>
        {
            run.State.Set("cursor", 1);
            await run.SaveAsync(stop);
            run.State.Set("cursor", 2);
            await run.State.ReloadAsync(stop);
            Assert.Equal(1, run.State.Get<int>("cursor"));
            run.State.Set("cursor", 3);
            throw new InvalidOperationException("the shop is closed");
        }));
        var history = await jobs.HistoryAsync();
        var last = Assert.Single(history.Runs("import"));
        Assert.Equal((JobRunOutcome.Failed, "the shop is closed"), (last.Outcome, last.Error));
        Assert.Equal(1, history.State("import")["cursor"][0].As<int>());
        Assert.Equal(["import"], history.Jobs);
    }

    [Fact]
    public async Task A_run_whose_last_changes_are_too_large_to_save_counts_as_failed()
    {
        await using var jobs = await JobsAsync();
        Assert.Equal(KafkaJobs.Failed, await jobs.RunOnceAsync(static run => run.State.Set("large", new string('x', 2_000_000))));
        var history = await jobs.HistoryAsync();
        var last = Assert.Single(history.Runs("import"));
        Assert.Equal(JobRunOutcome.Failed, last.Outcome);
        Assert.Contains("was aborted", last.Error, StringComparison.Ordinal);
        Assert.Empty(history.State("import"));
    }

    [Fact]
    public async Task A_long_error_of_one_run_does_not_keep_the_next_from_running()
    {
        await using var jobs = await JobsAsync();

        // With the whole message, the record at the end of this run would just fit, and the record of the next run would not.
        var page = new string('x', 999_500);
        Assert.Equal(KafkaJobs.Failed, await jobs.RunOnceAsync((_, _) => throw new InvalidOperationException(page)));
        Assert.Equal(KafkaJobs.Succeeded, await jobs.RunOnceAsync(static _ => { }));
        var history = await jobs.HistoryAsync();
        Assert.Equal([JobRunOutcome.Succeeded, JobRunOutcome.Failed], history.Runs("import").Select(static run => run.Outcome));
        Assert.StartsWith("xxx", history.Runs("import")[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_can_t_be_read_fails_the_run()
    {
        var kafka = await real.ConnectAsync();
        await using var jobs = new JobsTopic(kafka.BootstrapServers);
        await jobs.RunOnceAsync(static run => run.State.Set("cursor", 1));
        await kafka.ProduceAsync(jobs.Name, "state/import/cursor", "42");
        var hasRun = false;
        Assert.Equal(KafkaJobs.Failed, await jobs.RunOnceAsync(_ => hasRun = true));
        Assert.False(hasRun);
        var last = (await jobs.HistoryAsync()).Runs("import")[0];
        Assert.Equal(JobRunOutcome.Failed, last.Outcome);
        Assert.Contains("tombstone", last.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_in_which_another_writer_was_fenced_fails()
    {
        await using var jobs = await JobsAsync();
        Assert.Equal(
            KafkaJobs.Failed, await jobs.RunOnceAsync(static (_, _) => throw new FencedException("the writer of the totals is fenced")));
        Assert.Equal(JobRunOutcome.Failed, (await jobs.HistoryAsync()).Runs("import")[0].Outcome);
    }

    [Fact]
    public async Task A_job_is_disposed_of_after_its_run()
    {
        await using var jobs = await JobsAsync();
        var ends = new DisposableJob.Ends();
        await using var services = new ServiceCollection().AddSingleton(ends).BuildServiceProvider();
        Assert.Equal(KafkaJobs.Succeeded, await KafkaJobs.RunOnceAsync<DisposableJob>("import", jobs.Options(), services, Stop));
        Assert.Equal(["run", "disposed of"], ends.All);
    }

    [Fact]
    public async Task A_job_that_another_process_runs_ends_with_75()
    {
        await using var jobs = await JobsAsync();
        var (begun, over) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = jobs.RunOnceAsync(async (_, stop) =>
        {
            begun.SetResult();
            await over.Task.WaitAsync(stop);
        });
        await begun.Task.WaitAsync(Stop);
        var second = await jobs.RunOnceAsync(
            static (_, _) => throw new InvalidOperationException("two at once"),
            configure: static o => o.HeldTimeout = TimeSpan.FromSeconds(3));
        Assert.Equal(KafkaJobs.HeldByAnother, second);
        Assert.Equal(
            [JobWaits, JobHeld],
            jobs.Log.Logger.Lines.Select(static line => line.Id).Where(static id => id is JobWaits or JobHeld));
        Assert.Equal(KafkaJobs.Succeeded, await jobs.RunOnceAsync(static _ => { }, job: "other"));
        over.SetResult();
        Assert.Equal(KafkaJobs.Succeeded, await first);
    }

    [Fact]
    public async Task A_run_that_was_replaced_can_t_save_and_ends_with_75()
    {
        var kafka = await real.ConnectAsync();
        await using var jobs = new JobsTopic(kafka.BootstrapServers);
        var code = await jobs.RunOnceAsync(async (run, stop) =>
        {
            run.State.Set("cursor", 1);
            await run.SaveAsync(stop);

            // Another instance, which assumes that this one is dead.
            await using var other = await FencedWriter.FenceAsync(
                new FencedWriterOptions { BootstrapServers = kafka.BootstrapServers, Topic = jobs.Name, Id = $"{jobs.Name}.job.import" },
                cancellationToken: stop);
            run.State.Set("cursor", 2);
            await Assert.ThrowsAsync<FencedException>(() => run.SaveAsync(stop));
            run.State.Set("cursor", 3); // This is not saved with the end of the run either.
        });
        Assert.Equal(KafkaJobs.HeldByAnother, code);
        await jobs.RunOnceAsync(static run => Assert.Equal(1, run.State.Get<int>("cursor")));
    }

    [Fact]
    public async Task Lines_are_found_by_job_run_machine_and_level()
    {
        await using var jobs = await JobsAsync();
        var runs = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var number = i;
            await jobs.RunOnceAsync(run =>
            {
                runs.Add(run.Id);
                if (number == 0)
                    run.Logger.LogInformation("page 0");
                else
                    run.Logger.LogInformation("page 1");
                run.Logger.LogWarning(new InvalidOperationException("odd"), "slow");
            });
        }

        await jobs.RunOnceAsync(static run => run.Logger.LogInformation("elsewhere"), job: "other");
        var history = await jobs.HistoryAsync();
        Assert.Equal(["page 0", "slow", "page 1", "slow"], Texts(new JobLogQuery("import")));
        Assert.Equal(["page 1", "slow"], Texts(new JobLogQuery("import") { Run = runs[1] }));
        Assert.Equal(["slow", "slow"], Texts(new JobLogQuery("import") { MinLevel = LogLevel.Warning }));
        Assert.Equal(["slow"], Texts(new JobLogQuery("import") { MaxLines = 1 }));
        Assert.Equal(4, history.Lines(new JobLogQuery("import") { Machine = Environment.MachineName }).Count);
        Assert.Empty(history.Lines(new JobLogQuery("import") { Machine = "elsewhere" }));
        Assert.Contains("odd", history.Lines(new JobLogQuery("import"))[1].Exception, StringComparison.Ordinal);
        Assert.True(string.CompareOrdinal(runs[0], runs[1]) < 0);

        string[] Texts(JobLogQuery query) => [.. history.Lines(query).Select(static line => line.Text)];
    }

    [Fact]
    public async Task A_state_of_ten_thousand_keys_is_there_soon_after_the_start()
    {
        await using var jobs = await JobsAsync();
        await jobs.RunOnceAsync(static run =>
        {
            for (var i = 0; i < 10_000; i++)
                run.State.Set($"key-{i}", i);
        });
        var began = Stopwatch.GetTimestamp();
        var took = TimeSpan.MaxValue;
        await jobs.RunOnceAsync(run =>
        {
            took = Stopwatch.GetElapsedTime(began);
            Assert.Equal(10_000, run.State.All.Count);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"from the start to the state: {took.TotalMilliseconds:F0} ms");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task All_faults_of_the_options_are_reported_at_once()
    {
        await using var jobs = await JobsAsync();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => jobs.RunOnceAsync(
            static (_, _) => Task.CompletedTask, "not/legal",
            static o => (o.RunsKept, o.LogRetention, o.HeldTimeout) = (0, default, default)));
        Assert.Equal(4, failure.Failures.Count());
    }

    private async Task<JobsTopic> JobsAsync() => new((await real.ConnectAsync()).BootstrapServers);

    private sealed class DisposableJob(DisposableJob.Ends ends) : IKafkaJob, IAsyncDisposable
    {
        public Task RunAsync(JobRun run, CancellationToken stop)
        {
            ends.All.Add("run");
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            ends.All.Add("disposed of");
            return ValueTask.CompletedTask;
        }

        internal sealed class Ends
        {
            public List<string> All { get; } = [];
        }
    }
}
