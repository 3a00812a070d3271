using System.Diagnostics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Puts;

/// <summary>Blocking calls when no thread of the pool is free. The tests don't run in parallel with others, because they occupy the whole
/// pool.</summary>
[Collection(nameof(StarvedPoolTests))]
public sealed class StarvedPoolTests(EmbeddedBrokerFixture embedded)
{
    private const int Blockers = 100;
    private const int ReplayThreadStuck = 108;

    [Fact]
    public void Synchronous_puts_complete_though_no_thread_of_the_pool_is_free()
    {
        using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic()));
        cache.WaitUntilReady();
        Starved(() =>
        {
            var start = Stopwatch.GetTimestamp();

            // The first put also creates the producer.
            for (var i = 0; i < 20; i++)
            {
                cache.Put($"k{i}", "v", PutWait.Applied);
                Assert.Equal("v", cache.Get($"k{i}"));
                cache.Remove($"k{i}", PutWait.Applied);
            }

            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        });
    }

    [Fact]
    public void Caches_end_soon_though_no_thread_of_the_pool_is_free()
    {
        using var loggers = new ListLoggerFactory();
        var caches = Enumerable.Range(0, 20)
            .Select(_ => KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic()), loggers))
            .Append(KafkaCache.Create(TestOptions.For("127.0.0.1:1", "starting"), loggers))
            .ToList();
        foreach (var cache in caches.SkipLast(1))
        {
            cache.WaitUntilReady();
            cache.Put("k", "v", PutWait.Applied);
        }

        Starved(() =>
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var cache in caches)
                cache.Dispose();
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        });
        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id == ReplayThreadStuck);
    }

    private static void Starved(Action act)
    {
        using var release = new ManualResetEventSlim();
        using var released = new CountdownEvent(Blockers);
        using var probeRan = new ManualResetEventSlim();
        try
        {
            for (var i = 0; i < Blockers; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        release.Wait();
                        released.Signal();
                    },
                    state: null);
            }

            ThreadPool.UnsafeQueueUserWorkItem(_ => probeRan.Set(), state: null);
            act();
            Assert.False(probeRan.IsSet, "The pool was starved all the time.");
        }
        finally
        {
            release.Set();
            Assert.True(released.Wait(TimeSpan.FromSeconds(60)));
            Assert.True(probeRan.Wait(TimeSpan.FromSeconds(60)));
        }
    }
}

/// <summary>Disables running in parallel with other tests.</summary>
[CollectionDefinition(nameof(StarvedPoolTests), DisableParallelization = true)]
public sealed class StarvedPool;
