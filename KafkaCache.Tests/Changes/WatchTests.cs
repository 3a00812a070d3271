using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Changes;

/// <summary>Watches through the public API.</summary>
public sealed class WatchTests(EmbeddedBrokerFixture broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_reports_what_is_there_then_ready_then_each_change_with_what_was_before()
    {
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("a", "1"), TestRecord.Of("b", "1"));
        await using var cache = await WritableAsync(topic);
        await using var watch = new WatchReader(cache);

        Assert.Equal(["Initial a: - > 1", "Initial b: - > 1"], (await watch.NextAsync(2)).Order(StringComparer.Ordinal));
        Assert.Equal(["Ready"], await watch.NextAsync(1));
        await cache.PutAsync("a", "2", cancellationToken: Token);
        await cache.PutAsync("c", "1", cancellationToken: Token);
        await cache.RemoveAsync("b", cancellationToken: Token);
        await cache.RemoveAsync("none", cancellationToken: Token);
        await cache.PutAsync("b", "3", cancellationToken: Token);
        Assert.Equal(["Set a: 1 > 2", "Set c: - > 1", "Removed b: 1 > -", "Set b: - > 3"], await watch.NextAsync(4));
        Assert.Equal(new CachePosition(0, 6), watch.Last.Position);
        Assert.Equal((1, 0), (cache.Status.Watchers, cache.Status.PendingChanges));
    }

    [Fact]
    public async Task An_empty_cache_is_reported_as_ready()
    {
        await using var cache = TestCaches.Start(broker.BootstrapServers, broker.CreateTopic());
        await using var watch = new WatchReader(cache);
        Assert.Equal(["Ready"], await watch.NextAsync(1));
    }

    [Fact]
    public async Task Filters_by_the_bytes_of_the_key_and_by_predicate_leave_out_the_rest()
    {
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("user-1", "1"), TestRecord.Of("org-1", "1"), TestRecord.Of("user-2", "1"));
        await using var cache = await WritableAsync(topic);
        await using var watch = new WatchReader(
            cache, new WatchOptions<string> { KeyPrefix = "user-"u8.ToArray(), Where = static key => key != "user-2" });

        Assert.Equal(["Initial user-1: - > 1", "Ready"], await watch.NextAsync(2));
        await cache.PutAsync("org-1", "2", cancellationToken: Token);
        await cache.PutAsync("user-2", "2", cancellationToken: Token);
        await cache.PutAsync("user-1", "2", cancellationToken: Token);
        Assert.Equal(["Set user-1: 1 > 2"], await watch.NextAsync(1));
    }

    [Fact]
    public async Task Of_a_slow_watcher_that_conflates_the_latest_change_of_each_key_is_left()
    {
        var topic = broker.CreateTopic();
        await using var cache = await WritableAsync(topic);
        await using var watch = new WatchReader(cache, new WatchOptions<string> { MaxPending = 2 });
        Assert.Equal(["Ready"], await watch.NextAsync(1));

        for (var i = 1; i <= 5; i++)
            await cache.PutAsync("a", $"{i}", PutWait.Applied, Token);
        await cache.PutAsync("b", "1", PutWait.Applied, Token);
        await cache.PutAsync("c", "1", PutWait.Applied, Token);
        await cache.RemoveAsync("c", PutWait.Applied, Token);
        await cache.PutAsync("a", "6", PutWait.Applied, Token);
        await Eventually.TrueAsync(() => cache.Status.PendingChanges == 3);
        Assert.Equal(["Set b: - > 1", "Set a: - > 6"], await watch.NextAsync(2));
    }

    // The watcher's application may have read the key in between.
    [Fact]
    public async Task A_slow_watcher_without_the_initial_content_also_reports_a_key_that_came_and_went()
    {
        await using var cache = await WritableAsync(broker.CreateTopic());
        await using var watch = new WatchReader(cache, new WatchOptions<string> { MaxPending = 1, SkipInitial = true });
        Assert.Equal(["Ready"], await watch.NextAsync(1));

        await cache.PutAsync("a", "1", PutWait.Applied, Token);
        await cache.PutAsync("b", "1", PutWait.Applied, Token);
        await cache.RemoveAsync("a", PutWait.Applied, Token);
        Assert.Equal(["Set b: - > 1", "Removed a: - > -"], await watch.NextAsync(2));
    }

    [Fact]
    public async Task A_slow_watcher_gets_no_change_for_an_entry_that_is_again_what_it_was()
    {
        var topic = broker.CreateTopic();
        await using var cache = await TestCaches.ReadyAsync(
            broker.BootstrapServers, topic, static o => (o.ReadOnly, o.Resolver) = (false, static (in record, updates) =>
                updates.Set(record.ReadValue<string>(), record.ReadKey<string>())));
        await using var watch = new WatchReader(cache, new WatchOptions<string> { MaxPending = 1 });
        Assert.Equal(["Ready"], await watch.NextAsync(1));
        await cache.PutAsync("1", "x", PutWait.Applied, Token);
        Assert.Equal(["Set x: - > 1"], await watch.NextAsync(1));

        await cache.PutAsync("2", "x", PutWait.Applied, Token);
        await cache.PutAsync("3", "y", PutWait.Applied, Token);
        await cache.RemoveAsync("2", PutWait.Applied, Token);
        await cache.PutAsync("4", "z", PutWait.Applied, Token);
        Assert.Equal(["Set y: - > 3", "Set z: - > 4"], await watch.NextAsync(2));
    }

    [Fact]
    public async Task A_slow_watcher_that_fails_learns_how_many_changes_were_pending()
    {
        await using var cache = await WritableAsync(broker.CreateTopic());
        await using var watch = new WatchReader(cache, new WatchOptions<string> { MaxPending = 2, Overflow = WatchOverflow.Fail });
        Assert.Equal(["Ready"], await watch.NextAsync(1));

        for (var i = 1; i <= 3; i++)
            await cache.PutAsync("a", $"{i}", PutWait.Applied, Token);
        var failure = await Assert.ThrowsAsync<WatchOverflowException>(() => watch.NextAsync(1));
        Assert.Contains("MaxPending", failure.Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => cache.Status.Watchers == 0);
    }

    [Fact]
    public async Task The_replay_waits_for_a_slow_watcher_with_Wait_and_continues_when_it_leaves()
    {
        await using var cache = await WritableAsync(broker.CreateTopic());
        await using (var watch = new WatchReader(cache, new WatchOptions<string> { MaxPending = 1, Overflow = WatchOverflow.Wait }))
        {
            Assert.Equal(["Ready"], await watch.NextAsync(1));
            for (var i = 1; i <= 5; i++)
                await cache.PutAsync("a", $"{i}", cancellationToken: Token);
            await Eventually.TrueAsync(() => cache.Status.PendingChanges > 1);
            Assert.InRange(cache.Status.PendingChanges, 2, 5);
        }

        var put = await cache.PutAsync("b", "1", PutWait.Applied, Token);
        Assert.Equal(5, put.Offset);
    }

    [Fact]
    public async Task A_watch_that_is_waited_for_does_not_hold_up_a_dispose()
    {
        var cache = await WritableAsync(broker.CreateTopic());
        await using var watch = new WatchReader(cache, new WatchOptions<string> { MaxPending = 1, Overflow = WatchOverflow.Wait });
        Assert.Equal(["Ready"], await watch.NextAsync(1));
        for (var i = 1; i <= 5; i++)
            await cache.PutAsync("a", $"{i}", cancellationToken: Token);
        await Eventually.TrueAsync(() => cache.Status.PendingChanges > 1);

        await cache.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4), Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.NextAsync(6));
    }

    [Fact]
    public async Task A_watch_ends_with_the_fault_of_its_cache()
    {
        var topic = broker.CreateTopic();
        await using var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, topic, static o => o.Decode = DecodeMode.OnReplay);
        await using var watch = new WatchReader(cache);
        Assert.Equal(["Ready"], await watch.NextAsync(1));

        await broker.Kafka.ProduceAsync(topic, new TestRecord("a"u8.ToArray(), [0xff]));
        await Assert.ThrowsAsync<CacheFaultedException>(() => watch.NextAsync(1));
        await using var late = new WatchReader(cache);
        await Assert.ThrowsAsync<CacheFaultedException>(() => late.NextAsync(1));
    }

    [Fact]
    public async Task A_watch_ends_with_its_token_whether_the_cache_is_ready_or_not()
    {
        await using var unready = KafkaCache.Create(TestOptions.For("localhost:1", "t"));
        using var stop = new CancellationTokenSource();
        var first = unready.WatchAsync(null, stop.Token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask();
        await using var cache = TestCaches.Start(broker.BootstrapServers, broker.CreateTopic());
        await using var watch = new WatchReader(cache, token: stop.Token);
        Assert.Equal(["Ready"], await watch.NextAsync(1));
        var second = watch.NextAsync(1);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(0, cache.Status.Watchers);
    }

    [Fact]
    public async Task Of_a_resolver_each_entry_is_a_change_and_an_entry_that_comes_back_too()
    {
        var topic = broker.CreateTopic();
        await using var cache = await TestCaches.ReadyAsync(
            broker.BootstrapServers, topic, static o => o.Resolver = static (in record, updates) =>
            {
                foreach (var key in record.ReadValue<string>().Split(','))
                    updates.Set(key, record.ReadKey<string>());
            });
        await using var watch = new WatchReader(cache);
        Assert.Equal(["Ready"], await watch.NextAsync(1));

        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("1", "x"), TestRecord.Of("2", "x,y"), TestRecord.Tombstone("2"));
        Assert.Equal(
            ["Set x: - > 1", "Set x: 1 > 2", "Set y: - > 2"], await watch.NextAsync(3));
        Assert.Equal(["Removed y: 2 > -", "Set x: 2 > 1"], (await watch.NextAsync(2)).Order(StringComparer.Ordinal));
        Assert.Equal(new CachePosition(0, 2), watch.Last.Position);
    }

    [Fact]
    public async Task A_quarantined_key_counts_as_removed_until_a_good_record_comes()
    {
        var topic = broker.CreateTopic();
        await using var cache = await TestCaches.ReadyAsync(
            broker.BootstrapServers, topic, static o => o.OnRecordError = RecordErrorPolicy.Quarantine);
        await using var watch = new WatchReader(cache);
        Assert.Equal(["Ready"], await watch.NextAsync(1));
        await broker.Kafka.ProduceAsync(
            topic, TestRecord.Of("a", "1"), new TestRecord("a"u8.ToArray(), [0xff]), new TestRecord("a"u8.ToArray(), [0xff]),
            TestRecord.Of("a", "2"));
        Assert.Equal(["Set a: - > 1", "Removed a: 1 > -", "Set a: - > 2"], await watch.NextAsync(3));
    }

    [Fact]
    public async Task After_a_rebuild_the_difference_is_reported_and_what_is_as_before_is_not()
    {
        await using var own = EmbeddedBroker.Start();
        own.CreateTopic("t");
        using var kafka = new TestKafka(own.BootstrapServers);
        await kafka.ProduceAsync("t", TestRecord.Of("a", "1"), TestRecord.Of("b", "1"));
        using var replay = new HeldReplay("held"u8.ToArray());
        await using var cache = await TestCaches.ReadyAsync(own.BootstrapServers, "t", o => o.ValidateRecord = replay.Validate);
        await using var watch = new WatchReader(cache);
        Assert.Equal("Ready", (await watch.NextAsync(3))[^1]);

        await kafka.ProduceAsync("t", "held", "1");
        replay.WaitUntilHeld();
        own.DeleteTopic("t");
        own.CreateTopic("t", partitions: 2);
        using var again = new TestKafka(own.BootstrapServers);
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await again.ProduceAsync("t", TestRecord.Of("b", "2") with { Partition = 1, Timestamp = time });
        replay.LetGo();
        Assert.Equal(["Set held: - > 1"], await watch.NextAsync(1));
        Assert.Equal(
            ["Removed a: 1 > - rebuilt", "Removed held: 1 > - rebuilt", "Set b: 1 > 2 rebuilt"],
            (await watch.NextAsync(3)).Order(StringComparer.Ordinal));
        await again.ProduceAsync("t", TestRecord.Of("b", "3") with { Partition = 1 });
        Assert.Equal(["Set b: 2 > 3"], await watch.NextAsync(1));
    }

    private Task<KafkaCache<string, string>> WritableAsync(string topic) =>
        TestCaches.ReadyAsync(broker.BootstrapServers, topic, static o => o.ReadOnly = false);
}
