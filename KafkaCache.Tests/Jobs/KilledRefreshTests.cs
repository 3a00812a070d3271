using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Leadership;

namespace KafkaCaching.Tests.Jobs;

/// <summary>Three processes have a refreshed cache, and the leader is killed at a random moment of a refresh. Readers must never see a mix
/// of versions, and a process that starts on the compacted topic at the end must have the same content as the others.</summary>
public sealed class KilledRefreshTests(RealBrokerFixture real)
{
    private const int Instances = 3;

    // The soak test reports its progress after this number of refreshes.
    private const int Told = 25;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _topic = TestKafka.UniqueTopic("prices");
    private readonly Dictionary<int, LeaderProcess> _pods = [];
    private readonly List<LeaderProcess> _gone = [];
    private int _started;

    [Fact]
    public Task Readers_see_whole_versions_while_leaders_are_killed_during_refreshes() => RunAsync(refreshes: 8, rows: 2_000, kills: 2);

    [Fact]
    [Trait("Category", "Soak")]
    public Task A_thousand_refreshes_of_a_hundred_thousand_rows() => RunAsync(refreshes: 1_000, rows: 100_000, kills: 25);

    private async Task RunAsync(int refreshes, int rows, int kills)
    {
        var kafka = await real.ConnectAsync();
        var random = new Random((int)(TestSeed.Next() % int.MaxValue));

        // Small segments and short intervals, so that the log is compacted during the test.
        await kafka.CreateTopicAsync(
            _topic, 1, ("cleanup.policy", "compact"), ("segment.bytes", $"{4 << 20}"), ("segment.ms", "2000"),
            ("min.cleanable.dirty.ratio", "0.01"));
        for (var i = 0; i < Instances; i++)
            _pods[i] = await StartAsync(kafka, rows);
        var last = 0L;
        for (var i = 1; i <= refreshes; i++)
        {
            var asked = i % Instances;
            if (i % (refreshes / kills) == 0)
                asked = await KillLeaderAmidRefreshAsync(kafka, rows, random);
            else
                await _pods[asked].AskAsync("refresh");
            last = (await _pods[asked].WaitForAsync("refreshed")).Number;
            if (i % Told == 0)
                TestContext.Current.TestOutputHelper?.WriteLine($"{i} refreshes, {_gone.Count} leaders killed, {Faults().Count()} faults");
        }

        await CompactedAsync(kafka, rows);
        _pods[Instances] = await StartAsync(kafka, rows);
        var contents = new List<(long Version, long Reads, long Content)>();
        foreach (var pod in _pods.Values)
            contents.Add(await ContentAsync(pod, atLeast: last));
        foreach (var pod in _pods.Values)
            await pod.StopAsync();
        foreach (var pod in _pods.Values.Concat(_gone))
            await pod.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{last} versions, {_gone.Count} leaders killed, {contents.Sum(static one => one.Reads)} snapshots read by the last processes");
        Assert.Empty(Faults());
        Assert.Single(contents.Select(static one => (one.Version, one.Content)).Distinct());
        Assert.True(last >= refreshes);
        Assert.Equal(kills, _gone.Count);
    }

    private IEnumerable<string> Faults() => _pods.Values.Concat(_gone).SelectMany(static pod => pod.Faults);

    // The refresh is requested from another instance, so that the request survives the death of the leader.
    private async Task<int> KillLeaderAmidRefreshAsync(TestKafka kafka, int rows, Random random)
    {
        var leader = await LeaderAsync();
        var asked = (leader + 1) % Instances;
        await _pods[asked].AskAsync("refresh");
        await Task.Delay(random.Next(500), TestContext.Current.CancellationToken); // Randomizes the moment of the kill.
        _pods[leader].Kill();
        _gone.Add(_pods[leader]);
        _pods[leader] = await StartAsync(kafka, rows);
        return asked;
    }

    private async Task<int> LeaderAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            for (var i = 0; i < Instances; i++)
            {
                await _pods[i].AskAsync("leads");
                if ((await _pods[i].WaitForAsync("leads")).Number == 1)
                    return i;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "No process leads.");
        }
    }

    private static async Task<(long Version, long Reads, long Content)> ContentAsync(LeaderProcess pod, long atLeast)
    {
        while (true)
        {
            await pod.AskAsync("content");
            var version = (await pod.WaitForAsync("version")).Number;
            var reads = (await pod.WaitForAsync("reads")).Number;
            var content = (await pod.WaitForAsync("content")).Number;
            if (version >= atLeast)
                return (version, reads, content);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }

    // Compaction leaves gaps in the offsets.
    private Task CompactedAsync(TestKafka kafka, int rows) => Eventually.TrueAsync(
        async () => (await kafka.ReadAllAsync(_topic)).Count < await kafka.EndOffsetAsync(_topic, 0) - rows, "the topic is compacted",
        Patience);

    private Task<LeaderProcess> StartAsync(TestKafka kafka, int rows)
    {
        var number = ++_started;
        return LeaderProcess.StartAsync(
            typeof(ChildPrices), nameof(ChildPrices.Run), $"pod {number}", (ChildPrices.ServersVariable, kafka.BootstrapServers),
            (ChildPrices.TopicVariable, _topic), (ChildPrices.RowsVariable, rows.ToString(CultureInfo.InvariantCulture)),
            (ChildPrices.NumberVariable, number.ToString(CultureInfo.InvariantCulture)));
    }
}
