using System.Diagnostics;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>A service that blocks in many requests at once leaves no thread of the pool free. It runs alone, since it takes the pool from all others.</summary>
[Collection(nameof(StarvedPoolTests))]
public sealed class StarvedPoolTests(EmbeddedBrokerFixture embedded)
{
    private const int Blockers = 100;

    [Fact]
    public void Synchronous_puts_complete_though_no_thread_of_the_pool_is_free()
    {
        using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic()));
        cache.WaitUntilReady();
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
            var start = Stopwatch.GetTimestamp();

            // The first opens the producer too.
            for (var i = 0; i < 20; i++)
            {
                cache.Put($"k{i}", "v", PutWait.Applied);
                Assert.Equal("v", cache.Get($"k{i}"));
                cache.Remove($"k{i}", PutWait.Applied);
            }

            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
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

/// <summary>Runs beside no other test.</summary>
[CollectionDefinition(nameof(StarvedPoolTests), DisableParallelization = true)]
public sealed class StarvedPool;
