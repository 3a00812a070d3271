using KafkaCaching.Jobs;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Jobs;

public sealed class ScheduledJobsTests(RealBrokerFixture real)
{
    private const string EverySecond = "* * * * * *";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_of_two_instances_runs_a_job_at_a_time_and_the_other_continues_where_it_stopped()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        var (running, most) = (0, 0);
        var first = await StartAsync("first");
        var second = await StartAsync("second");
        var history = second.Services.GetRequiredService<IJobHistory>();
        await history.WaitUntilReadyAsync(Stop);
        await Eventually.TrueAsync(() => Count() >= 2);

        await first.StopAsync(Stop);
        await second.Services.GetRequiredService<IJobHistory>().WaitUntilReadyAsync(Stop);
        var count = Count();
        await Eventually.TrueAsync(() => Count() >= count + 2);

        Assert.Equal(1, most);
        var runs = history.Runs("tick");
        Assert.Equal(runs.OrderByDescending(static run => run.Token), runs);
        var seen = history.State("tick")["count"].Select(static one => one.As<int>());
        Assert.Equal(Enumerable.Range(0, Count()), seen);

        Task<IHost> StartAsync(string name) => jobs.StartAsync(
            async (run, stop) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                run.State.Add("count", run.State["count"].Count);
                run.State.Set("by", name);
                await run.SaveAsync(stop);
                Interlocked.Decrement(ref running);
            },
            static add => add.AddJob<ScriptedJob>("tick", EverySecond, static o => o.Missed = MissedRuns.Skip));

        int Count() => history.State("tick").GetValueOrDefault("count", []).Count;
    }

    [Fact]
    public async Task A_logger_that_throws_keeps_no_job_from_running()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        using var loggers = new ThrowingLoggers(static id => id is 560 or 561);
        var host = await jobs.StartAsync(
            static (_, _) => Task.CompletedTask,
            add =>
            {
                add.Services.AddSingleton<ILoggerFactory>(loggers);
                add.AddJob<ScriptedJob>("tick", EverySecond);
            });
        var history = host.Services.GetRequiredService<IJobHistory>();
        await history.WaitUntilReadyAsync(Stop);
        await Eventually.TrueAsync(() => history.Runs("tick").Count(static run => run.Outcome == JobRunOutcome.Succeeded) >= 2);
        Assert.NotEqual(0, loggers.Thrown);
    }

    [Fact]
    public async Task A_run_that_the_host_cuts_off_counts_as_unfinished()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        var begun = new TaskCompletionSource();
        var host = await jobs.StartAsync(
            async (_, stop) =>
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            },
            static add => add.AddJob<ScriptedJob>("long", EverySecond));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await host.StopAsync(Stop);
        var history = await jobs.HistoryAsync();
        Assert.Equal(JobRunOutcome.Stopped, history.Runs("long")[0].Outcome);
    }

    [Fact]
    public async Task A_run_that_fails_because_the_host_cuts_it_off_counts_as_unfinished()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        var begun = new TaskCompletionSource();
        var host = await jobs.StartAsync(
            async (_, stop) =>
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new InvalidOperationException("the statement was cancelled"); // SqlClient does the same.
            },
            static add => add.AddJob<ScriptedJob>("long", EverySecond));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await host.StopAsync(Stop);
        var last = (await jobs.HistoryAsync()).Runs("long")[0];
        Assert.Equal((JobRunOutcome.Stopped, "the statement was cancelled"), (last.Outcome, last.Error));
    }

    [Fact]
    public async Task A_host_that_is_disposed_of_without_a_stop_leaves_its_jobs_to_others()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var host = await StartAsync(first);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        jobs.Forget(host);
        host.Dispose();
        await StartAsync(second);
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Task<IHost> StartAsync(TaskCompletionSource begun) => jobs.StartAsync(
            (_, _) =>
            {
                begun.TrySetResult();
                return Task.CompletedTask;
            },
            static add => add.AddJob<ScriptedJob>("tick", EverySecond));
    }

    [Fact]
    public async Task A_first_run_that_nobody_could_make_at_its_time_is_made_up_for()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        var first = new TaskCompletionSource<DateTimeOffset>();
        await using var other = KafkaLeadership.Campaign(new LeadershipOptions
        {
            BootstrapServers = jobs.Options().BootstrapServers, Name = $"{jobs.Name}.job.tick", Topic = jobs.Options().ElectionTopic,
        });
        await other.WaitForLeadershipAsync(Stop);
        var host = await jobs.StartAsync(
            (run, _) =>
            {
                first.TrySetResult(run.ScheduledFor);
                return Task.CompletedTask;
            },
            static add => add.AddJob<ScriptedJob>("tick", EverySecond, static o => o.Missed = MissedRuns.All));
        var runner = host.Services.GetRequiredService<IKafkaJobRunner>();
        await Eventually.TrueAsync(() => runner.Jobs[0].Overdue > TimeSpan.FromSeconds(1));
        var left = DateTimeOffset.UtcNow;
        await other.DisposeAsync();
        Assert.InRange(await first.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop), left.AddMinutes(-1), left);
    }

    [Fact]
    public async Task The_status_of_a_job_whose_runs_can_t_be_read_has_its_problem()
    {
        var kafka = await real.ConnectAsync();
        await using var jobs = new JobsTopic(kafka.BootstrapServers);
        await jobs.HistoryAsync();
        await kafka.ProduceAsync(jobs.Name, "runs/tick", "none");
        var host = await jobs.StartAsync(
            static (_, _) => Task.CompletedTask, static add => add.AddJob<ScriptedJob>("tick", EverySecond));
        await host.Services.GetRequiredService<IJobHistory>().WaitUntilReadyAsync(Stop);
        var runner = host.Services.GetRequiredService<IKafkaJobRunner>();
        await Eventually.TrueAsync(() => runner.Jobs[0].Problem?.Contains("tombstone", StringComparison.Ordinal) == true);
        Assert.Null(runner.Jobs[0].NextRun);
    }

    [Fact]
    public async Task A_job_whose_run_hangs_is_overdue_and_the_status_names_the_instance_that_runs_it()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        using var meters = new OwnMeterFactory();
        var hangs = new TaskCompletionSource();
        var host = await jobs.StartAsync(
            (_, stop) => hangs.Task.WaitAsync(stop),
            add => add.AddJob<ScriptedJob>("hung", EverySecond).AddJob<ScriptedJob>("yearly", "0 0 1 1 *")
                .Services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(meters));
        var runner = host.Services.GetRequiredService<IKafkaJobRunner>();
        await Eventually.TrueAsync(() => runner.Jobs[0].Overdue > TimeSpan.FromSeconds(1) && runner.Jobs[0].Leader is not null);
        await Eventually.TrueAsync(() => runner.Jobs[1].IsLeader);

        var (hung, yearly) = (runner.Jobs[0], runner.Jobs[1]);
        Assert.Equal(("hung", EverySecond, true), (hung.Name, hung.Cron, hung.IsLeader));
        Assert.StartsWith(Environment.MachineName, hung.Leader!.Instance, StringComparison.Ordinal);
        Assert.True(hung.NextRun < DateTimeOffset.UtcNow);
        Assert.Equal(TimeSpan.Zero, yearly.Overdue);
        Assert.True(yearly.NextRun > DateTimeOffset.UtcNow);
        using var scrape = new MeterScrape(meters, KafkaJobs.MeterName);
        Assert.True(scrape.Tagged("kafkacache.job.overdue", "job_name", "hung") > 1);
        Assert.Equal(0, scrape.Tagged("kafkacache.job.overdue", "job_name", "yearly"));
    }

    [Fact]
    public async Task A_job_without_a_schedule_runs_when_asked_and_the_meter_counts_it()
    {
        await using var jobs = new JobsTopic((await real.ConnectAsync()).BootstrapServers);
        using var meters = new OwnMeterFactory();
        var isGood = true;
        var host = await jobs.StartAsync(
            (_, _) => isGood ? Task.CompletedTask : throw new InvalidOperationException("bad"),
            add => add.AddJob<ScriptedJob>("asked").Services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(meters));
        var runner = host.Services.GetRequiredService<IKafkaJobRunner>();
        Assert.Equal(JobRunOutcome.Succeeded, await runner.RunAsync("asked", Stop));
        isGood = false;
        Assert.Equal(JobRunOutcome.Failed, await runner.RunAsync("asked", Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => runner.RunAsync("unknown", Stop));
        using var scrape = new MeterScrape(meters, KafkaJobs.MeterName);
        Assert.Equal(1, scrape.Tagged("kafkacache.job.runs", "outcome", "succeeded"));
        Assert.Equal(1, scrape.Tagged("kafkacache.job.runs", "outcome", "failed"));
        Assert.Equal(0, scrape.Tagged("kafkacache.job.running", "job_name", "asked"));
    }

    [Fact]
    public async Task Wrong_jobs_stop_the_start_and_all_faults_are_listed()
    {
        await using var jobs = new JobsTopic("");
        var failure = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => jobs.StartAsync(
            static (_, _) => Task.CompletedTask,
            static add => add.AddJob<ScriptedJob>("a", "every day").AddJob<ScriptedJob>("b").AddJob<ScriptedJob>("b")
                .AddJob<ScriptedJob>("c/d").AddJob<ScriptedJob>("d", EverySecond, static o => o.TimeZone = null!)));
        string[] named = ["Job 'd': TimeZone is null", "'every day'", "'b' is added more than once", "'c/d'", "BootstrapServers"];
        Assert.All(named, name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
    }
}
