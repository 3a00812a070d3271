using System.Net;
using KafkaCaching.AspNetCore.ETags;
using KafkaCaching.Store.Faster;
using KafkaCaching.Testing;
using KafkaCaching.Tests.AspNetCore.Watch;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Histories.InMemory;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Snapshots;
using KafkaCaching.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.AspNetCore.ETags;

/// <summary>Conditional requests to endpoints whose responses depend on caches.</summary>
public sealed class CacheETagTests(EmbeddedBrokerFixture broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_is_answered_with_304_until_its_cache_applies_a_record()
    {
        var topic = broker.CreateTopic(partitions: 2);
        await using var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, topic, static o => o.ReadOnly = false);
        await cache.PutAsync("a", "1", PutWait.Applied, Token);
        var runs = 0;
        await using var host = await StartAsync(cache, () => runs++);

        using var first = await host.GetAsync("/a");
        var tag = first.Headers.ETag!.ToString();
        Assert.Equal((HttpStatusCode.OK, "1", 1), (first.StatusCode, await first.Content.ReadAsStringAsync(Token), runs));

        using var again = await host.GetAsync("/a", ifNoneMatch: tag);
        Assert.Equal((HttpStatusCode.NotModified, tag, 1), (again.StatusCode, again.Headers.ETag?.ToString(), runs));
        using var any = await host.GetAsync("/a", ifNoneMatch: $"\"x\", {tag}");
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);

        await cache.PutAsync("b", "1", PutWait.Applied, Token);
        using var changed = await host.GetAsync("/a", ifNoneMatch: tag);
        Assert.Equal((HttpStatusCode.OK, 2), (changed.StatusCode, runs));
        Assert.NotEqual(tag, changed.Headers.ETag?.ToString());
        using var missing = await host.GetAsync("/none");
        Assert.Equal((HttpStatusCode.NotFound, null), (missing.StatusCode, missing.Headers.ETag));
        using var missingOfAny = await host.GetAsync("/none", ifNoneMatch: "*");
        Assert.Equal(HttpStatusCode.NotFound, missingOfAny.StatusCode);
    }

    [Fact]
    public async Task Two_instances_that_have_applied_the_same_records_give_the_same_tag()
    {
        var topic = broker.CreateTopic(partitions: 2);
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("a", "1"), TestRecord.Of("b", "1"));
        await using var one = await TestCaches.ReadyAsync(broker.BootstrapServers, topic);
        await using var two = await TestCaches.ReadyAsync(broker.BootstrapServers, topic);
        await using var hostOfOne = await StartAsync(one, static () => { });
        await using var hostOfTwo = await StartAsync(two, static () => { });
        using var first = await hostOfOne.GetAsync("/a");
        using var second = await hostOfTwo.GetAsync("/a", ifNoneMatch: first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task The_tag_is_another_when_an_entry_has_expired()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var topic = new InMemoryTopic(partitions: 1, clock);
        await using var cache = topic.CreateCache<string, string>(static o => o.TimeToLive = TimeSpan.FromMinutes(1));
        await topic.SettleAsync(Token);
        await cache.PutAsync("a", "1", PutWait.Applied, Token);
        await using var host = await StartAsync(cache, static () => { });
        using var first = await host.GetAsync("/a");
        clock.Advance(TimeSpan.FromMinutes(2));
        using var expired = await host.GetAsync("/a", ifNoneMatch: first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, expired.StatusCode);
    }

    // If the positions in a tag were newer than its number of entries, the tag would be that of the same entries after one has expired.
    [Fact]
    public async Task A_tag_given_while_a_record_is_applied_is_another_when_the_new_entry_has_expired()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var topic = new InMemoryTopic(partitions: 1, clock);
        KafkaCache<string, string>? started = null;
        Action? onCount = null;
        var options = new KafkaCacheOptions<string, string>
        {
            Topic = topic.Name, Log = topic, ReadOnly = false, TimeProvider = clock, TimeToLive = TimeSpan.FromHours(1),
        };
        await using var cache = started = KafkaCache<string, string>.Start(options, loggerFactory: null, settings => new WatchedStore(
            new FasterStateStore(settings with { Time = clock }), static _ => { })
        {
            Counted = () => Interlocked.Exchange(ref onCount, null)?.Invoke(),
        });
        await topic.SettleAsync(Token);
        await cache.PutAsync("a", "1", PutWait.Applied, Token);

        onCount = () => started.Put("b", "1", new PutOptions { TimeToLive = TimeSpan.FromMinutes(1), Wait = PutWait.Applied });
        var tag = CacheETag.Of([cache]);
        Assert.Equal("1", cache.Get("b"));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(cache.Get("b"));
        Assert.NotEqual(tag, CacheETag.Of([cache]));
    }

    // After the truncation, the log has the same end offset and the same number of keys as before.
    [Fact]
    public async Task A_tag_that_was_given_during_a_rebuild_is_another_after_it()
    {
        var topic = new InMemoryTopic();
        using var mayApply = new ManualResetEventSlim(initialState: true);
        await using var cache = topic.CreateCache<string, string>(o => o.ValidateRecord = (in _) => mayApply.Wait(TimeSpan.FromMinutes(1)));
        topic.Produce("a", "1");
        await topic.SettleAsync(Token);
        await using var host = await StartAsync(cache, static () => { });

        mayApply.Reset();
        topic.Stall();
        topic.Truncate(partition: 0, fromOffset: 0);
        topic.Produce("a", "2");
        topic.Resume();
        await Eventually.TrueAsync(() => cache.Status is { Rebuilds: 1, Phase: CachePhase.Rebuilding });
        using var during = await host.GetAsync("/a");
        Assert.Equal("1", await during.Content.ReadAsStringAsync(Token));
        mayApply.Set();
        await topic.SettleAsync(Token);
        using var after = await host.GetAsync("/a", ifNoneMatch: during.Headers.ETag!.ToString());
        Assert.Equal((HttpStatusCode.OK, "2"), (after.StatusCode, await after.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task A_cache_that_refuses_reads_is_not_answered_with_304()
    {
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<string, string>(static o => o.Decode = DecodeMode.OnReplay);
        topic.Produce("a", "1");
        await topic.SettleAsync(Token);
        await using var host = await StartAsync(cache, static () => { });
        using var first = await host.GetAsync("/a");
        var tag = first.Headers.ETag!.ToString();

        topic.ProduceBytes("b"u8.ToArray(), [0xff]);
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        using var refused = await host.GetAsync("/a", ifNoneMatch: tag);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
    }

    // Which entries remain depends on the reads of each instance.
    [Fact]
    public async Task A_cache_that_has_evicted_entries_gives_no_tag()
    {
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<string, byte[]>(static o =>
            (o.Store.MemoryBudget, o.Store.WhenFull) = (16 << 20, StoreFullPolicy.Evict));
        await topic.SettleAsync(Token);
        Assert.NotNull(CacheETag.Of([cache]));

        var value = new byte[100_000];
        for (var i = 0; i < 400; i++)
            topic.ProduceBytes(BitConverter.GetBytes(i), value);
        await topic.SettleAsync(Token);

        Assert.True(cache.Status.EvictedEntries > 0);
        Assert.Null(CacheETag.Of([cache]));
    }

    [Fact]
    public async Task A_cache_that_starts_from_a_snapshot_without_evicted_entries_gives_no_tag()
    {
        using var directory = new TemporaryDirectory();
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("first", "1"));
        await using (var notFull = await StartAsync())
            await notFull.WriteSnapshotAsync();
        var value = new string('x', 100_000);
        await using (var full = await StartAsync())
        {
            Assert.True(full.Status.Start!.IsWarm, $"{full.Status.Start}");
            Assert.NotNull(CacheETag.Of([full]));

            // The embedded broker deletes old records of a partition with many megabytes, so each portion is read before the next is sent.
            foreach (var portion in Enumerable.Range(0, 200).Chunk(20))
            {
                var last = await broker.Kafka.ProduceAsync(topic, portion.Select(i => TestRecord.Of($"k{i}", value)));
                await full.WaitUntilAppliedAsync(new CachePosition(0, last[^1].Offset.Value), Token);
            }

            Assert.True(full.Status is { EvictedEntries: > 0, LacksEvictedEntries: true });
            await full.WriteSnapshotAsync();
        }

        await using var warm = await StartAsync();
        Assert.True(warm.Status is { Start.IsWarm: true, EvictedEntries: 0, LacksEvictedEntries: true }, $"{warm.Status.Start}");
        Assert.Null(CacheETag.Of([warm]));

        Task<KafkaCache<string, string>> StartAsync() => TestCaches.ReadyAsync(broker.BootstrapServers, topic, options =>
        {
            (options.Store.MemoryBudget, options.Store.WhenFull) = (16 << 20, StoreFullPolicy.Evict);
            (options.Snapshot.Directory, options.Snapshot.MaxAge) = (directory.Path, TimeSpan.FromHours(1));
        });
    }

    // After the truncation, the log has the same end offset and the same number of keys as before, and the generation is the first one
    // again.
    [Fact]
    public async Task A_process_that_starts_after_a_truncation_gives_another_tag()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var topic = new InMemoryTopic(partitions: 1, clock);
        topic.Produce("a", "1");
        string tag;
        await using (var before = topic.CreateCache<string, string>())
        {
            await topic.SettleAsync(Token);
            await using var host = await StartAsync(before, static () => { });
            using var answer = await host.GetAsync("/a");
            tag = answer.Headers.ETag!.ToString();
        }

        topic.Truncate(partition: 0, fromOffset: 0);
        clock.Advance(TimeSpan.FromSeconds(1));
        topic.Produce("a", "2");
        await using var cache = topic.CreateCache<string, string>();
        await topic.SettleAsync(Token);
        await using var hostAfter = await StartAsync(cache, static () => { });
        using var after = await hostAfter.GetAsync("/a", ifNoneMatch: tag);
        Assert.Equal((HttpStatusCode.OK, "2"), (after.StatusCode, await after.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task An_endpoint_that_names_a_cache_that_is_not_there_says_so()
    {
        var topic = broker.CreateTopic();
        await using var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, topic);
        await using var host = await WatchHost.StartAsync(
            services => services.AddSingleton<IKafkaCache>(cache),
            static app => app.MapGet("/", static () => "x").WithKafkaCacheETag("nobody"));
        using var answer = await host.GetAsync("/");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    private static Task<WatchHost> StartAsync(KafkaCache<string, string> cache, Action ran) => WatchHost.StartAsync(
        services => services.AddSingleton<IKafkaCache>(cache),
        app => app.MapGet("/{key}", IResult (string key) =>
        {
            ran();
            return cache.TryGet(key, out var value) ? TypedResults.Text(value) : TypedResults.NotFound();
        }).WithKafkaCacheETag(cache.Name));
}
