using System.Buffers;
using System.Diagnostics;
using System.Text;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Promises;

/// <summary>Promises 3 and 4, monotonic reads and read-your-writes: 4 writers and 4 readers on two instances, while nodes die and freeze,
/// and partitions are added.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class ReadsUnderFireTests(ThreeNodes nodes)
{
    private const int Partitions = 4;
    private const int GrownPartitions = 8;
    private const int Keys = 32;
    private const int Writers = 4;
    private const int Readers = 4;
    private const int ReplayStarts = 200;
    private const int TombstonesMissed = 110;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    // Readers and writers pause between their operations, because the machine is shared.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    private readonly PutLedger _ledger = new();
    private readonly ReadHistory[] _histories = [new("one"), new("two")];

    [Fact]
    [Trait("Category", "Long")]
    public async Task Reads_never_go_back_and_show_what_was_put_while_nodes_die_and_freeze_and_the_topic_grows()
    {
        var random = new Random(unchecked((int)TestSeed.Next()));
        TestKafka kafka = await nodes.HealthyAsync();
        var keys = await KeysThatStayAsync(kafka);
        var topic = await kafka.CreateTopicAsync(Partitions, ("min.insync.replicas", "2"), ("delete.retention.ms", "1000"));
        using var loggers = new ListLoggerFactory();
        using var passed = new PassedRecords();
        KafkaCacheOptions<string, string> holdable = Options(kafka, topic);
        passed.Watch(holdable);
        await using var one = KafkaCache.Create(Options(kafka, topic), loggers);
        await using var two = KafkaCache.Create(holdable, loggers);
        KafkaCache<string, string>[] caches = [one, two];
        foreach (var cache in caches)
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        await using var report = nodes.ReportOn(topic);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var seeds = Enumerable.Range(0, Writers + Readers).Select(_ => random.Next()).ToArray();
        var workers = Enumerable.Range(0, Writers)
            .Select(i => Task.Run(() => WriteAsync(i, caches[i % 2], _histories[i % 2], keys, new Random(seeds[i]), stop.Token)))
            .Concat(
                Enumerable.Range(0, Readers).Select(
                    i => Task.Run(() => ReadAsync(caches[i % 2], _histories[i % 2], keys, new Random(seeds[Writers + i]), stop.Token))))
            .ToList();
        try
        {
            var started = Stopwatch.GetTimestamp();
            await FaultsAsync(random, () => Stopwatch.GetElapsedTime(started) < Duration / 2);
            await nodes.HealAsync();
            await kafka.AddPartitionsAsync(topic, GrownPartitions);
            await OutlastTombstonesAsync(passed, loggers.Logger);
            await FaultsAsync(random, () => Stopwatch.GetElapsedTime(started) < Duration);
            await nodes.HealAsync();
            foreach (var cache in caches)
                await Eventually.TrueAsync(
                    () => cache.Status is { Phase: CachePhase.Ready, Partitions.Count: GrownPartitions }, TimeSpan.FromSeconds(90),
                    "the growth is seen");
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(workers);
        }

        var log = await WholeLog.ReadAsync(kafka, topic, GrownPartitions);
        foreach (var history in _histories)
            history.Settle(log);
        PutVerdict puts = _ledger.Check(log);
        var summary = $"{_histories.Sum(static history => history.Operations)} operations checked, "
            + $"{_histories.Sum(static history => history.Violations.Count)} violations; "
            + $"puts: {puts}; generations: {loggers.Logger.Lines.Count(static line => line.Id == ReplayStarts)}";
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        TestContext.Current.SendDiagnosticMessage($"Reads on three nodes: {summary}.");
        Assert.All(_histories, static history => Assert.Empty(history.Violations));
        Assert.Empty(puts.Violations);
        Assert.InRange(loggers.Logger.Lines.Count(static line => line.Id == ReplayStarts), 3, int.MaxValue);
        foreach (var cache in caches)
            await WholeLog.AssertIsFoldAsync(cache, log);
    }

    private static KafkaCacheOptions<string, string> Options(TestKafka kafka, string topic)
    {
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.StaleAfter = TimeSpan.FromSeconds(6); // The topic is checked at a third of this interval.
        options.PutTimeout = TimeSpan.FromSeconds(10);
        return options;
    }

    // Finds keys that are in the same partition before and after partitions are added, because offsets in two partitions can't be compared.
    private static async Task<string[]> KeysThatStayAsync(TestKafka kafka)
    {
        var candidates = Enumerable.Range(0, 4 * Keys).Select(static i => $"key {i}").ToArray();
        var before = await kafka.ProduceAsync(
            await kafka.CreateTopicAsync(Partitions), candidates.Select(static key => TestRecord.Tombstone(key)));
        var after = await kafka.ProduceAsync(
            await kafka.CreateTopicAsync(GrownPartitions), candidates.Select(static key => TestRecord.Tombstone(key)));
        var stay = candidates.Where((_, i) => before[i].Partition == after[i].Partition).Take(Keys).ToArray();
        Assert.Equal(Keys, stay.Length);
        return stay;
    }

    // Blocks an instance for longer than the log keeps tombstones. The instance then begins another generation of the same log, and its
    // reads must not go back.
    private static async Task OutlastTombstonesAsync(PassedRecords passed, ListLogger logger)
    {
        passed.LetPass(passed.Count);
        await Eventually.TrueAsync(
            () => logger.Lines.Any(static line => line.Id == TombstonesMissed), TimeSpan.FromSeconds(60),
            "the instance has outlasted tombstones");
        passed.LetPass(int.MaxValue);
    }

    private async Task FaultsAsync(Random random, Func<bool> goesOn)
    {
        while (goesOn())
        {
            var node = random.Next(1, ThreeNodes.Count + 1);
            if (random.Next(3) == 0)
            {
                await nodes.KillAsync(node);
                await Task.Delay(random.Next(500, 3_000), TestContext.Current.CancellationToken); // The duration of the outage.
                await nodes.StartAsync(node);
            }
            else
            {
                // Some of these freezes exceed the session timeout, so that another leader is elected, and some do not.
                await nodes.PauseAsync(node);
                await Task.Delay(random.Next(500, 9_000), TestContext.Current.CancellationToken);
                await nodes.ResumeAsync(node);
            }
        }
    }

    private async Task WriteAsync(
        int writer, KafkaCache<string, string> cache, ReadHistory history, string[] keys, Random random, CancellationToken stop)
    {
        for (var sequence = 0; !stop.IsCancellationRequested; sequence++)
        {
            var key = keys[random.Next(keys.Length)];

            // The ledger identifies records by their values, and tombstones have none, so it contains only the puts.
            var value = random.Next(8) == 0 ? null : $"{writer}:{sequence}";
            var written = value is null ? await RemoveAsync(cache, key) : await _ledger.PutAsync(cache, key, value, PutWait.Applied);
            if (written is { Waited: true } applied)
            {
                history.Wrote(key, value, applied.Position.Offset);
                ReadEntry(cache, history, key);
            }

            await Task.Delay(Rest, CancellationToken.None);
        }
    }

    private static async Task<(CachePosition Position, bool Waited)?> RemoveAsync(KafkaCache<string, string> cache, string key)
    {
        try
        {
            return ((await cache.RemoveAsync(key, PutWait.Applied)).Position, true);
        }
        catch (PutException)
        {
            return null; // The log shows the outcome.
        }
    }

    private static async Task ReadAsync(
        KafkaCache<string, string> cache, ReadHistory history, string[] keys, Random random, CancellationToken stop)
    {
        const int ReadsATurn = 500;
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < ReadsATurn; i++)
            {
                var key = keys[random.Next(keys.Length)];
                switch (random.Next(3))
                {
                    case 0:
                        ReadEntry(cache, history, key);
                        break;
                    case 1:
                        ReadValue(cache, history, key);
                        break;
                    default:
                        ReadBytes(cache, history, key);
                        break;
                }
            }

            Scan(cache, history, keys);
            await Task.Delay(Rest, CancellationToken.None);
        }
    }

    private static void ReadEntry(KafkaCache<string, string> cache, ReadHistory history, string key)
    {
        var floor = history.Floor(key);
        if (cache.TryGetEntry(key, out var entry))
            history.SawEntry(key, floor, entry.Value, entry.Offset);
        else
            history.SawNothing(key, floor);
    }

    private static void ReadValue(KafkaCache<string, string> cache, ReadHistory history, string key)
    {
        var floor = history.Floor(key);
        if (cache.Get(key) is { } value)
            history.SawValue(key, floor, value);
        else
            history.SawNothing(key, floor);
    }

    private static void ReadBytes(KafkaCache<string, string> cache, ReadHistory history, string key)
    {
        var floor = history.Floor(key);
        var bytes = new ArrayBufferWriter<byte>(16);
        if (cache.TryGetBytes(key, bytes))
            history.SawValue(key, floor, Encoding.UTF8.GetString(bytes.WrittenSpan));
        else
            history.SawNothing(key, floor);
    }

    private static void Scan(KafkaCache<string, string> cache, ReadHistory history, string[] keys)
    {
        var floors = keys.ToDictionary(static key => key, history.Floor, StringComparer.Ordinal);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, entry) in cache.Scan())
        {
            shown.Add(key);
            history.SawEntry(key, floors[key], entry.Value, entry.Offset);
        }

        // A scan must return every key that is present throughout.
        foreach (var key in keys.Where(key => !shown.Contains(key)))
            history.SawNothing(key, floors[key]);
    }
}
