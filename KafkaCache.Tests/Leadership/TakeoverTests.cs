using System.Diagnostics;
using System.Text;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Leadership;

/// <summary>Two processes, one of which leads and writes. The leader is killed, stopped or frozen, and the other process takes
/// over.</summary>
public sealed class TakeoverTests(RealBrokerFixture real)
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan MaxByRequest = TimeSpan.FromSeconds(1);

    // The limit for a machine that is busy with other tests. The session timeout alone is 6 seconds.
    private static readonly TimeSpan MaxUnderLoad = TimeSpan.FromSeconds(30);

    private readonly string _topic = TestKafka.UniqueTopic("led");

    [Fact]
    public async Task A_killed_leader_is_replaced() => await EndAsync(await real.ConnectAsync(), rounds: 1, Kill, MaxUnderLoad);

    [Fact]
    public async Task A_leader_that_is_asked_to_end_is_replaced() =>
        await EndAsync(await real.ConnectAsync(), rounds: 1, static leader => leader.TerminateAsync(), MaxUnderLoad);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Fifty_leaders_that_are_asked_to_end_are_each_replaced_within_a_second() => OnThreeNodesAsync(
        static (tests, kafka) => tests.EndAsync(kafka, rounds: 50, static leader => leader.TerminateAsync(), MaxByRequest));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Fifty_killed_leaders_are_each_replaced_within_eight_seconds() =>
        OnThreeNodesAsync(static (tests, kafka) => tests.EndAsync(kafka, rounds: 50, Kill, MaxTime));

    [Fact]
    public async Task A_leader_that_was_frozen_writes_nothing_visible_when_it_wakes() =>
        await FreezeAsync(await real.ConnectAsync(), rounds: 1);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Fifty_frozen_leaders_write_nothing_visible_when_they_wake() =>
        OnThreeNodesAsync(static (tests, kafka) => tests.FreezeAsync(kafka, rounds: 50));

    private async Task OnThreeNodesAsync(Func<TakeoverTests, TestKafka, Task> test)
    {
        var release = RealBrokerFixture.RequireRelease();
        await using var nodes = await RealKafka.StartAsync(
            new RealKafkaOptions { Release = release, Nodes = 3 }, TestContext.Current.CancellationToken);
        using var kafka = new TestKafka(nodes.BootstrapServers);
        await test(this, kafka);
    }

    private static Task Kill(LeaderProcess leader)
    {
        leader.Kill();
        return Task.CompletedTask;
    }

    private async Task EndAsync(TestKafka kafka, int rounds, Func<LeaderProcess, Task> end, TimeSpan maxTime)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs signals.");
        await CreateTopicAsync(kafka);
        var times = new List<double>();
        var leader = await StartAsync(kafka, "0");
        await leader.WaitForAsync("written");
        for (var round = 1; round <= rounds; round++)
        {
            var next = await StartAsync(kafka, $"{round}");
            await JoinedAsync(kafka);

            // librdkafka joins a group at most once per second, so an instance that has just joined would have to wait.
            await Task.Delay(Random.Shared.Next(1_000, 2_000), TestContext.Current.CancellationToken);
            var ended = Stopwatch.GetTimestamp();
            await end(leader);
            var (_, at) = await next.WaitForAsync("leader");
            times.Add(Stopwatch.GetElapsedTime(ended, at).TotalSeconds);
            await next.WaitForAsync("written");
            await leader.DisposeAsync();
            leader = next;
        }

        await leader.DisposeAsync();
        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            FormattableString.Invariant(
                $"from the end of a leader to the next one: median {times[times.Count / 2]:F2} s, longest {times[^1]:F2} s"));
        Assert.InRange(times[^1], 0, maxTime.TotalSeconds);
    }

    private async Task FreezeAsync(TestKafka kafka, int rounds)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs signals.");
        await CreateTopicAsync(kafka);
        await using var one = await StartAsync(kafka, "one");
        await one.WaitForAsync("written");
        await using var other = await StartAsync(kafka, "other");
        await JoinedAsync(kafka);
        var (leader, next) = (one, other);
        for (var round = 0; round < rounds; round++)
        {
            await Task.Delay(Random.Shared.Next(50), TestContext.Current.CancellationToken); // Randomizes the moment of the freeze.
            await leader.FreezeAsync();
            var frozen = Stopwatch.GetTimestamp();
            await next.WaitForAsync("fenced");
            await next.WaitForAsync("written");
            await leader.WakeAsync();
            await leader.WaitForAsync("refused", never: "failed", after: frozen);
            (leader, next) = (next, leader);
            await JoinedAsync(kafka);
        }

        await leader.StopAsync();
        var records = await kafka.ReadAllAsync(_topic);
        var strangers = Strangers(records);
        TestContext.Current.TestOutputHelper?.WriteLine($"{records.Count} records, {strangers} of a leader that was replaced");
        Assert.Equal(0, strangers);
    }

    /// <summary>The number of records that are not from the writer with the latest barrier.</summary>
    private static int Strangers(IEnumerable<Confluent.Kafka.ConsumeResult<byte[]?, byte[]?>> records)
    {
        var strangers = 0;
        var writer = "";
        foreach (var record in records)
        {
            var value = Encoding.UTF8.GetString(record.Message.Value!);
            if (record.Message.Key![0] == 0)
                writer = value;
            else if (value.Split(':')[0] != writer)
                strangers++;
        }

        return strangers;
    }

    // The topic is not compacted, so that all records can be checked.
    private Task CreateTopicAsync(TestKafka kafka) => kafka.CreateTopicAsync(_topic, configuration: ("cleanup.policy", "delete"));

    private Task<LeaderProcess> StartAsync(TestKafka kafka, string name) => LeaderProcess.StartAsync(kafka.BootstrapServers, _topic, name);

    private Task JoinedAsync(TestKafka kafka) => Eventually.TrueAsync(
        async () =>
        {
            var described = await kafka.Admin.DescribeConsumerGroupsAsync([$"{_topic}-election.{_topic}"]);
            var group = described.ConsumerGroupDescriptions[0];
            return group.State == Confluent.Kafka.ConsumerGroupState.Stable && group.Members.Count == 2;
        },
        "the group has two members",
        TimeSpan.FromMinutes(1));
}
