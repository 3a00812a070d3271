using System.Diagnostics;
using KafkaCaching.Store.Faster;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Processes;

/// <summary>A process with a spill directory is killed with SIGKILL. The next cache with this directory must remove its files and have the
/// content of the log.</summary>
public sealed class KilledProcessTests : IDisposable
{
    private const int Partitions = 4;
    private const long SmallBudget = 1 << 20;
    private const string Topic = "killed";

    private static readonly TimeSpan MaxStartTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxScanTime = TimeSpan.FromMilliseconds(50);

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly TemporaryDirectory _directory = new();
    private readonly ulong _seed = TestSeed.Next();
    private TestKafka? _kafka;

    public void Dispose()
    {
        _kafka?.Dispose();
        _broker.Dispose();
        _directory.Dispose();
    }

    [Fact]
    [Trait("Category", "Long")]
    public Task Ten_kills_at_random_moments_leave_nothing_behind_and_nothing_out() => KillAsync(rounds: 10);

    [Fact]
    public Task A_kill_while_it_replays_and_one_while_it_serves_leave_nothing_behind_and_nothing_out() => KillAsync(rounds: 2);

    [Fact]
    public async Task Two_live_processes_share_a_directory_and_each_leaves_the_others_file_alone()
    {
        await MakeTopicAsync();
        await using var child = StartChild();
        await child.WaitForAsync("ready");
        var childs = Assert.Single(_directory.Files);
        await using (var cache = await StartHereAsync())
        {
            Assert.Equal(2, _directory.Files.Length);
            await ProduceAsync(new TopicHistory(_seed + 1).Records.Take(1_000)); // Both caches spill more, each to its own file.
            var fold = await TopicFold.HashAsync(_kafka!, Topic, Partitions);
            await ExpectAsync(cache, fold);
            await Eventually.TrueAsync(async () => await child.HashAsync() == fold, "the child's content is the fold");
        }

        Assert.Equal([childs], _directory.Files);
        Assert.Equal(await TopicFold.HashAsync(_kafka!, Topic, Partitions), await child.HashAsync()); // The child reads its file.
        Assert.False(child.HasExited);
    }

    private async Task KillAsync(int rounds)
    {
        var random = new Random(unchecked((int)_seed));
        await MakeTopicAsync();
        var left = 0;
        for (var round = 0; round < rounds; round++)
        {
            await using (var child = StartChild())
            {
                var moment = await ReachMomentAsync(child, round % 5, random);
                await child.KillAsync();
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"round {round}: killed {moment}; it left {_directory.Files.Length} file(s) of "
                    + $"{_directory.Files.Sum(static file => new FileInfo(file).Length)} bytes");
            }

            var abandoned = _directory.Files;
            left += abandoned.Length;
            await using (var cache = await StartHereAsync())
            {
                Assert.Empty(abandoned.Intersect(_directory.Files, StringComparer.Ordinal));
                Assert.True(new FileInfo(Assert.Single(_directory.Files)).Length > SmallBudget / 2);
                await ExpectAsync(cache, await TopicFold.HashAsync(_kafka!, Topic, Partitions));
            }

            Assert.Empty(_directory.Files);
        }

        Assert.True(left >= rounds / 2, $"{left} files left by {rounds} kills: too few for the moments meant.");
    }

    /// <summary>Waits until the child is at a random moment of the given phase.</summary>
    private async Task<string> ReachMomentAsync(ChildProcess child, int part, Random random)
    {
        // Validators are not called for tombstones.
        var records = new TopicHistory(_seed).Records.Count(static record => record.Value is not null) - ChildCache.RecordsPerLine;
        switch (part)
        {
            case 0:
                return $"at record {await child.WaitForAsync("record", atLeast: random.Next(records))} of its replay";
            case 1:
                await child.WaitForAsync("ready");
                var replayed = (await _kafka!.ReadAllAsync(Topic, Partitions)).Count(static record => record.Message.Value is not null);
                await ProduceAsync(new TopicHistory((ulong)random.NextInt64()).Records.Take(500));
                return $"at record {await child.WaitForAsync("record", atLeast: replayed + random.Next(350))}, on the tail";
            case 2:
                await child.WaitForAsync("ready");
                var made = (await _kafka!.ReadAllAsync(Topic, Partitions)).Count(static record => record.Message.Value is not null);
                await MakeTopicAsync(again: true);
                return $"at record {await child.WaitForAsync("record", atLeast: made + random.Next(records))}, beside a rebuild";
            case 3:
                await child.WaitForAsync("ready");
                await child.AskForHashAsync();
                return $"{await PassAsync(MaxScanTime * random.NextDouble())} ms into a scan of its spilled entries";
            default:
                return $"{await PassAsync(MaxStartTime * random.NextDouble())} ms after its start";
        }
    }

    private static async Task<long> PassAsync(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(start) > time);
        return (long)time.TotalMilliseconds;
    }

    private async Task MakeTopicAsync(bool again = false)
    {
        if (again)
            _broker.DeleteTopic(Topic);
        _broker.CreateTopic(Topic, Partitions);
        _kafka?.Dispose(); // The old producer would use the previous topic.
        _kafka = new TestKafka(_broker.BootstrapServers);
        await ProduceAsync(new TopicHistory(_seed).Records);
    }

    private async Task ProduceAsync(IEnumerable<TestRecord> records) => await _kafka!.ProduceAsync(Topic, records);

    private ChildProcess StartChild() => ChildProcess.Start(_broker.BootstrapServers, Topic, _directory.Path, SmallBudget);

    private Task<KafkaCache<byte[], byte[]>> StartHereAsync() =>
        KafkaCache<byte[], byte[]>.Start(
            TestCaches.Options<byte[], byte[]>(_broker.BootstrapServers, Topic, o =>
            {
                o.ReadyTimeout = TimeSpan.FromMinutes(1);
                o.Store.SpillDirectory = _directory.Path;
            }),
            loggerFactory: null,
            static settings => new FasterStateStore(settings with { MemoryBudget = SmallBudget, MaxEntryBytes = null })).ReadyOrGoneAsync();

    private static Task ExpectAsync(KafkaCache<byte[], byte[]> cache, string fold) =>
        Eventually.TrueAsync(() => ContentHash.OfEntries(cache.Scan()) == fold, what: "the content is the fold");
}
