using System.Diagnostics;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.PublicFace;

/// <summary>The cost of each additional cache in a process. The measurements are process-wide, so these tests don't run in parallel with
/// others.</summary>
[Collection(nameof(ManyCachesTests))]
public sealed class ManyCachesTests
{
    private const int Caches = 40;

    // The four threads of the consumer, and the replay thread.
    private const int ThreadsOfACache = 5;
    private const int ThreadsShared = 40;

    [Fact]
    public async Task Each_has_a_consumer_of_its_own_a_small_store_and_looks_at_its_topic_together_with_the_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads and memory are counted as Linux tells them.");
        await using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        for (var i = 0; i < Caches; i++)
        {
            broker.CreateTopic($"t{i}");
            await kafka.ProduceAsync($"t{i}", "k", $"{i}");
        }

        // Frees the memory of earlier tests first, because freeing it during the measurement would falsify the result.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var before = (Threads: Threads(), Memory: ResidentMemory.Now);
        var caches = Enumerable.Range(0, Caches).Select(i => KafkaCache.Create(Options(broker, $"t{i}"))).ToList();
        await Task.WhenAll(caches.Select(static cache => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(Enumerable.Range(0, Caches).Select(static i => $"{i}"), caches.Select(static cache => cache.Get("k")));

        Assert.InRange(Threads() - before.Threads, int.MinValue, (Caches * ThreadsOfACache) + ThreadsShared);
        Assert.InRange((ResidentMemory.Now - before.Memory) >> 20, long.MinValue, Caches * 5);

        // Each cache checks its topic three times per second. Without sharing, each check would be two requests.
        broker.StartRequestTracking();
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken); // The requests in this period are counted.
        var looks = 3 * Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.InRange(broker.CountRequests(KafkaApi.ListOffsets), 2 * (looks - 2), 12 * looks);

        start = Stopwatch.GetTimestamp();
        foreach (var cache in caches)
            cache.Dispose();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await Eventually.TrueAsync(() => Threads() <= before.Threads + ThreadsShared, what: "the threads are gone");
    }

    private static KafkaCacheOptions<string, string> Options(EmbeddedBroker broker, string topic) => new()
    {
        BootstrapServers = broker.BootstrapServers,
        Topic = topic,
        StaleAfter = TimeSpan.FromSeconds(1),
    };

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;
}

/// <summary>Disables running in parallel with other tests.</summary>
[CollectionDefinition(nameof(ManyCachesTests), DisableParallelization = true)]
public sealed class ManyCaches;
