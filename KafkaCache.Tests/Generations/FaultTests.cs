using Confluent.Kafka;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Replay.Errors;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Generations;

/// <summary>Every error that ends the replay is reported to all waiters, and no failure is silent.</summary>
public sealed class FaultTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task A_store_that_can_not_be_made_faults()
    {
        var topic = embedded.CreateTopic();
        await using var cache = KafkaCache<string, string>.Start(
            TestCaches.Options<string, string>(embedded.BootstrapServers, topic), loggerFactory: null,
            static _ => throw new IOException("no such disk"));
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        Assert.Contains("no such disk", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CacheFaultedException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken));
    }

    // If the same exception object were thrown repeatedly, its stack trace could grow with each throw, for example by a health check.
    [Fact]
    public async Task The_stack_trace_of_a_fault_that_is_thrown_often_does_not_grow()
    {
        var topic = embedded.CreateTopic();
        await using var cache = KafkaCache<string, string>.Start(
            TestCaches.Options<string, string>(embedded.BootstrapServers, topic), loggerFactory: null,
            static _ => throw new IOException("no such disk"));
        var lengths = Enumerable.Range(0, 20)
            .Select(_ => Assert.Throws<CacheFaultedException>(() => cache.WaitUntilReady()).StackTrace!.Length)
            .ToList();
        Assert.Equal(lengths[1], lengths[^1]);
    }

    [Fact]
    public async Task The_stack_trace_of_a_fault_that_position_waits_throw_often_does_not_grow()
    {
        var topic = embedded.CreateTopic();
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, static o => o.Decode = DecodeMode.OnReplay);
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of(null, "no key"));
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        List<int> lengths = [];
        for (var i = 0; i < 20; i++)
        {
            var applied = await Assert.ThrowsAsync<CacheFaultedException>(
                () => cache.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken));
            lengths.Add(applied.StackTrace!.Length);
        }

        Assert.Equal(lengths[1], lengths[^1]);
    }

    [Fact]
    public async Task A_store_that_is_full_faults_before_it_loses_a_record_and_names_the_option()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, Enumerable.Range(0, 400).Select(static i => TestRecord.Of($"k{i}", $"{i} {new string('x', 10_000)}")));
        await using var cache = KafkaCache<string, string>.Start(
            TestCaches.Options<string, string>(embedded.BootstrapServers, topic, static o => o.ReadWhenFaulted = true),
            loggerFactory: null,
            static settings => new FasterStateStore(settings with { MemoryBudget = 2 << 20, MaxEntryBytes = null }));
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Store.MemoryBudget", fault.Message, StringComparison.Ordinal);
        Assert.IsType<StoreFullException>(fault.InnerException);
        var content = cache.Content();
        Assert.InRange(content.Count, 1, 399);
        for (var i = 0; i < content.Count; i++)
            Assert.StartsWith($"{i} ", cache.Get($"k{i}"), StringComparison.Ordinal); // All entries before the first one that did not fit.
    }

    // The fault's message contains the message of the cause, whose getter may throw.
    [Fact]
    public async Task An_exception_without_a_message_to_get_faults_the_cache_and_not_the_process()
    {
        var topic = embedded.CreateTopic();
        await using var cache = KafkaCache<string, string>.Start(
            TestCaches.Options<string, string>(embedded.BootstrapServers, topic), loggerFactory: null,
            static _ => throw OddExceptions.ByName["without a message to get"]());
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        Assert.Contains("whose message can't be read", fault.Message, StringComparison.Ordinal);
    }

    // The error occurs outside the replay thread, in the pause before the next check of the topic.
    [Fact]
    public async Task A_watch_on_the_topic_that_ends_by_an_error_faults_the_cache()
    {
        var topic = embedded.CreateTopic();
        var clock = new BreakableClock();
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, o => o.TimeProvider = clock);
        clock.BreakOnce();
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        Assert.Contains("broken clock", cache.Status.Fault!.ToString(), StringComparison.Ordinal);
    }

    // Otherwise, every log line of the cache would have the scopes of the request that happened to create the cache.
    [Fact]
    public async Task The_replay_does_not_run_in_the_execution_context_of_the_creator_of_the_cache()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        var request = new AsyncLocal<string?> { Value = "a request" };
        string? seen = "nothing yet";
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, o => o.ValidateRecord = (in CacheRecord _) =>
        {
            Volatile.Write(ref seen, request.Value);
            return true;
        });
        Assert.Null(Volatile.Read(ref seen));
    }

    // The context may contain a request and everything that it references. Shared clients would keep it in memory until the process ends.
    [Fact]
    public async Task Neither_a_cache_nor_its_clients_keep_the_execution_context_of_their_creator()
    {
        var topic = embedded.CreateTopic();
        using var directory = new TemporaryDirectory();
        var request = new AsyncLocal<object?>();
        var (cache, kept) = Make();
        await using (cache)
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() =>
            {
                GC.Collect();
                return !kept.IsAlive;
            });
        }

        (KafkaCache<string, string> Cache, WeakReference Request) Make()
        {
            var made = new WeakReference(request.Value = new object());
            var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o =>
            {
                o.ReadOnly = false;
                o.Snapshot.Directory = directory.Path;
                o.Client = new ClientConfig { ClientId = topic }; // Avoids clients that another cache has created.
            });
            var started = KafkaCache.Create(options);
            request.Value = null;
            return (started, made);
        }
    }

    [Fact]
    public async Task Spill_files_go_with_their_generation_and_the_last_one_with_the_cache()
    {
        using var directory = new TemporaryDirectory();
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t");
        await kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "old")));
        await using (var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, "t", o =>
        {
            o.StaleAfter = TimeSpan.FromSeconds(1);
            o.Store.SpillDirectory = directory.Path;
        }))
        {
            Assert.Single(Directory.GetFiles(directory.Path));
            for (var round = 0; round < 2; round++)
            {
                broker.DeleteTopic("t");
                broker.CreateTopic("t");
                using var after = new TestKafka(broker.BootstrapServers);
                await after.ProduceAsync("t", "new", $"{round}");
                await Eventually.TrueAsync(
                    () => cache.Status.Phase == CachePhase.Ready && cache.Count == 1 && cache.Get("new") == $"{round}");
                await Eventually.TrueAsync(() => Directory.GetFiles(directory.Path).Length == 1);
            }
        }

        Assert.Empty(Directory.GetFiles(directory.Path));
    }

    private sealed class BreakableClock : TimeProvider
    {
        private int _isBroken;

        public void BreakOnce() => Volatile.Write(ref _isBroken, 1);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Interlocked.Exchange(ref _isBroken, 0) == 0
                ? base.CreateTimer(callback, state, dueTime, period)
                : throw new InvalidOperationException("broken clock");
    }
}
