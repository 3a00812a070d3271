using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using KafkaCaching.Jobs;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Jobs;

/// <summary>A process is killed with SIGKILL while its job saves. The next run must find the state of the last completed save or of the
/// save in progress, and never a mix of the two.</summary>
public sealed class KilledJobTests(RealBrokerFixture real)
{
    // The soak test reports its progress after this number of kills.
    private const int Told = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public Task A_run_after_a_kill_continues_at_the_last_save() => RunAsync(kills: 2);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Two_hundred_kills_at_random_moments_lose_and_mix_nothing() => RunAsync(kills: 200);

    [Fact]
    public async Task A_process_that_is_asked_to_end_stops_its_run_in_an_orderly_way()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs signals.");
        var kafka = await real.ConnectAsync();
        var topic = TestKafka.UniqueTopic("jobs");
        var lines = Channel.CreateUnbounded<string>();
        using var child = Start(kafka.BootstrapServers, topic, lines.Writer);
        await FirstAsync(lines.Reader, "saved");

        await child.SignalAsync("-TERM");

        Assert.Equal((KafkaJobs.Failed, 0), await FirstAsync(lines.Reader, "exit"));
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([JobRunOutcome.Stopped], await OutcomesAsync(kafka, topic));
    }

    private async Task RunAsync(int kills)
    {
        var kafka = await real.ConnectAsync();
        var topic = TestKafka.UniqueTopic("jobs");
        var seed = TestSeed.Next();
        var random = new Random((int)(seed % int.MaxValue));
        var saved = 0;
        var inFlight = 0;
        for (var kill = 0; kill <= kills; kill++)
        {
            var lines = Channel.CreateUnbounded<string>();
            using var child = Start(kafka.BootstrapServers, topic, lines.Writer);
            var found = await FirstAsync(lines.Reader, "found");
            Assert.Equal(found.Left, found.Right);
            Assert.InRange(found.Left, saved, saved + 1);
            inFlight += found.Left - saved;
            saved = (await FirstAsync(lines.Reader, "saved")).Left;
            if (kill % Told == Told - 1)
                TestContext.Current.TestOutputHelper?.WriteLine($"{kill} kills, {saved} saves");
            await Task.Delay(random.Next(200), TestContext.Current.CancellationToken); // Randomizes the moment of the kill.
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
            await foreach (var line in lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                if (Of(line, "saved") is { } step)
                    saved = step.Left;
            }
        }

        var outcomes = await OutcomesAsync(kafka, topic);
        Assert.Equal(JobRunOutcome.Running, outcomes[0]);
        Assert.All(outcomes.Skip(1), static outcome => Assert.Equal(JobRunOutcome.Replaced, outcome));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, {saved} saves; of {inFlight} that were under way, the next run found them done");
    }

    private static async Task<IReadOnlyList<JobRunOutcome>> OutcomesAsync(TestKafka kafka, string topic)
    {
        await using var jobs = new JobsTopic(kafka.BootstrapServers, topic);
        var history = await jobs.HistoryAsync();
        return [.. history.Runs("count").Select(static run => run.Outcome)];
    }

    private static Process Start(string servers, string topic, ChannelWriter<string> lines)
    {
        var process = ExplicitTest.Of(
            typeof(ChildJob), nameof(ChildJob.Run), (ChildJob.ServersVariable, servers), (ChildJob.TopicVariable, topic));
        process.Start(line =>
        {
            if (line is not null)
                lines.TryWrite(line.Trim());
            else
                lines.TryComplete();
        });
        return process;
    }

    private static async Task<(int Left, int Right)> FirstAsync(ChannelReader<string> lines, string what)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var others = new List<string>();
        await foreach (var line in lines.ReadAllAsync(deadline.Token))
        {
            if (Of(line, what) is { } step)
                return step;
            others.Add(line);
        }

        throw new InvalidOperationException($"The child said no '{what}': {string.Join('\n', others)}");
    }

    private static (int Left, int Right)? Of(string line, string what) => line.Split(' ') is [var kind, var left, var right] && kind == what
        ? (int.Parse(left, CultureInfo.InvariantCulture), int.Parse(right, CultureInfo.InvariantCulture))
        : null;
}
