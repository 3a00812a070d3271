using System.Diagnostics;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Processes;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Kills a process whose cache writes snapshots. The cache of the next process matches the log, whether it starts warm or
/// cold.</summary>
public sealed class KilledCacheTests : IDisposable
{
    private const int Partitions = 3;
    private const string Topic = "killed";
    private static readonly TimeSpan MaxPassTime = TimeSpan.FromMilliseconds(100);

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _broker.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public Task Three_restarts_hold_the_fold() => KillAsync(rounds: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task Fifty_restarts_hold_the_fold() => KillAsync(rounds: 50);

    private async Task KillAsync(int rounds)
    {
        var random = new Random(unchecked((int)TestSeed.Next()));
        _broker.CreateTopic(Topic, Partitions);
        using var kafka = new TestKafka(_broker.BootstrapServers);
        await kafka.ProduceAsync(Topic, Records(random));
        var warm = 0;
        for (var round = 0; round < rounds; round++)
        {
            await using var child = ChildProcess.Start(
                typeof(ChildCache), nameof(ChildCache.Run), (ChildCache.ServersVariable, _broker.BootstrapServers),
                (ChildCache.TopicVariable, Topic), (ChildCache.SnapshotsVariable, _directory.Path),
                (ChildCache.BudgetVariable, $"{16 << 20}"));
            await child.WaitForAsync("ready");
            warm += (int)await child.WarmAsync();
            Assert.Equal(await TopicFold.HashAsync(kafka, Topic, Partitions), await child.HashAsync());
            if (round == 0)
                await Eventually.TrueAsync(async () => await child.SnapshotsAsync() > 0, "a first snapshot is written");
            await child.SnapshotsAsync(); // Requests a snapshot.
            await kafka.ProduceAsync(Topic, Records(random));
            var pass = MaxPassTime * random.NextDouble();
            var begun = Stopwatch.GetTimestamp();
            await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(begun) > pass);
            await child.KillAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} starts, {warm} of them warm");
        Assert.Equal(rounds - 1, warm);
    }

    private static List<TestRecord> Records(Random random) =>
    [
        .. Enumerable.Range(0, 300)
            .Select(_ => TestRecord.Of($"k{random.Next(500)}", random.Next(4) == 0 ? null : new string('v', random.Next(400)))),
    ];
}
