using System.Globalization;
using KafkaCaching.Jobs;

namespace KafkaCaching.Tests.Jobs;

/// <summary>The code of a child process, which runs this test of this assembly. It runs a job that counts, and saves two keys in each step.
/// It prints the state that it has found, each completed save, and its exit code. See <see cref="KilledJobTests"/>.</summary>
public sealed class ChildJob
{
    public const string ServersVariable = "KAFKACACHE_TEST_JOB_SERVERS";
    public const string TopicVariable = "KAFKACACHE_TEST_JOB_TOPIC";

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var servers = Environment.GetEnvironmentVariable(ServersVariable);
        var topic = Environment.GetEnvironmentVariable(TopicVariable);
        Assert.SkipWhen(servers is null, "Only for processes that another test starts.");
        var options = new KafkaJobsOptions
        {
            BootstrapServers = servers, Topic = topic!, ElectionTopic = $"{topic}-election", HeldTimeout = TimeSpan.FromMinutes(1),
        };
        var code = await KafkaJobs.RunOnceAsync<Counting>("count", options, cancellationToken: TestContext.Current.CancellationToken);
        Tell("exit", code, 0);
    }

    private static void Tell(string what, int left, int right) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {left} {right}"));

    private sealed class Counting : IKafkaJob
    {
        public async Task RunAsync(JobRun run, CancellationToken stop)
        {
            Tell("found", run.State.Get<int>("left"), run.State.Get<int>("right"));
            for (var next = run.State.Get<int>("left") + 1; ; next++)
            {
                stop.ThrowIfCancellationRequested(); // A run that returns has succeeded, even after a cancellation.
                run.State.Set("left", next);
                run.State.Set("right", next);
                await run.SaveAsync(stop);
                Tell("saved", next, next);
            }
        }
    }
}
