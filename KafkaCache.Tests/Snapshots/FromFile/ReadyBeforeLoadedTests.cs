using KafkaCaching.AspNetCore.ETags;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Histories.InMemory;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots.FromFile;

/// <summary>A cache that is ready while its snapshot is still being loaded. The tests control when an entry is loaded.</summary>
public sealed class ReadyBeforeLoadedTests(EmbeddedBrokerFixture embedded) : IDisposable
{
    private const int Users = 500;

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualResetEventSlim _mayLoad = new();
    private readonly ListLoggerFactory _loggers = new();

    public void Dispose()
    {
        _mayLoad.Set();
        _loggers.Dispose();
        _mayLoad.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_serves_and_follows_the_topic_until_all_is_in_memory_and_after()
    {
        var topic = await SnapshotAsync();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("user 1", "since"), TestRecord.Of("user 2", null));
        await using var cache = Start(topic);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.True(cache.Status.Start is { IsWarm: true, IsLoading: true, LoadDuration.Ticks: 0 }, $"{cache.Status.Start}");
        AssertHolds(cache);
        await cache.PutAsync("user 3", "put", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Equal("put", cache.Get("user 3"));
        Assert.True(cache.Status.Start is { IsLoading: true });

        var count = Task.Run(() => cache.Count);
        var keys = Task.Run(() => cache.Keys.Count());
        var watched = ContentAsync(cache);
        _mayLoad.Set();
        Assert.Equal((Users - 1, Users - 1), (await count, await keys));
        Assert.Equal(Users - 1, (await watched).Count);
        Assert.True(cache.Status.Start is { IsWarm: true, IsLoading: false, LoadDuration.Ticks: > 0 }, $"{cache.Status.Start}");
        Assert.Equal(Users - 1, cache.Status.Entries);
        AssertHolds(cache);
        Assert.Equal("put", cache.Get("user 3"));
        Assert.Equal(
            [135, 100, 136], _loggers.Logger.Lines.Select(static line => line.Id).Where(static id => id is 100 or 130 or 135 or 136));
    }

    // Until all entries are in memory, their number is that of the file, so a tag would not show that one has expired.
    [Fact]
    public async Task It_has_no_entity_tag_until_all_is_in_memory()
    {
        var topic = await SnapshotAsync();
        await using var cache = Start(topic);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.True(cache.Status is { IsReadable: true, Start.IsLoading: true });
        Assert.Null(CacheETag.Of([cache]));
        _mayLoad.Set();
        await Eventually.TrueAsync(() => CacheETag.Of([cache]) is not null);
    }

    [Fact]
    public async Task Small_snapshot_is_loaded_first()
    {
        var topic = await SnapshotAsync();
        _mayLoad.Set();
        await using var cache = Start(topic, static options => options.Snapshot.ServeFromFileAbove = 1 << 20);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(_loggers.Logger.Lines, static line => line.Id == 135);
    }

    [Fact]
    public async Task Watch_begins_when_all_is_in_memory_and_misses_nothing()
    {
        var topic = await SnapshotAsync();
        await using var cache = Start(topic);
        var watched = ContentAsync(cache);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("user 1", "put", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.False(watched.IsCompleted);
        _mayLoad.Set();
        var content = await watched;
        Assert.Equal((Users, "put", "1"), (content.Count, content["user 1"], content["user 2"]));
    }

    [Fact]
    public async Task Watch_of_a_cache_whose_snapshot_can_not_be_loaded_begins_after_the_replay()
    {
        var topic = await SnapshotAsync();
        await DamageAsync();
        _mayLoad.Set();
        await using var cache = Start(topic);
        Assert.Equal(Users, (await ContentAsync(cache)).Count);
        Assert.Equal(ColdStartReason.Damaged, cache.Status.Start!.Reason);
    }

    [Fact]
    public async Task File_that_turns_out_to_be_damaged_is_set_aside_and_the_topic_replayed()
    {
        var topic = await SnapshotAsync();
        await DamageAsync();
        await using var cache = Start(topic);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => cache.Status is { Start.Reason: ColdStartReason.Damaged, Phase: CachePhase.Rebuilding });
        Assert.Throws<CacheNotReadyException>(() => cache.Count);
        _mayLoad.Set();
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Start.Reason: ColdStartReason.Damaged });
        Assert.Equal((Users, "1"), (cache.Count, cache.Get("user 2")));
        Assert.Single(Directory.GetFiles(_directory.Path, "*.unusable"));
        Assert.Equal(1, cache.Status.Rebuilds);
    }

    [Fact]
    public async Task Reads_of_a_damaged_part_say_that_the_cache_is_not_ready()
    {
        var topic = await SnapshotAsync();
        await using var cache = Start(topic);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var file = SnapshotTesting.OnlyFileIn(_directory.Path);
        using (var opened = File.Open(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            opened.Seek(SnapshotFormat.HeadBytes, SeekOrigin.Begin);
            opened.Write(new byte[100]);
        }

        var problem = Assert.Throws<CacheNotReadyException>(() => cache.Get("user 1"));
        Assert.Equal(CachePhase.Rebuilding, problem.Phase);
        Assert.DoesNotContain("user 1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_the_memory_does_not_hold_make_it_start_cold()
    {
        var topic = await SnapshotAsync(new string('x', 10_000));
        _mayLoad.Set();
        await using var cache = Start(topic, budget: 1 << 20);
        await Eventually.TrueAsync(() => cache.Status.Start is { Reason: ColdStartReason.TooLarge });
    }

    [Fact]
    public async Task Cache_that_faults_while_it_loads_can_be_read_and_counted_if_that_is_allowed()
    {
        static void Configure(KafkaCacheOptions<string, string> options)
        {
            options.ReadWhenFaulted = true;
            options.ValidateRecord = static (in CacheRecord record) => record.IsTombstone || record.ValueBytes.Length < 100;
        }

        var topic = await SnapshotAsync(change: Configure);
        await using var cache = Start(topic, Configure);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("user 1", new string('x', 100)));
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        Assert.Equal("1", cache.Get("user 1"));
        _mayLoad.Set();
        var counted = await Task.Run(() => cache.Count).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(Users, counted);
        Assert.False(cache.Status.Start!.IsLoading);
    }

    [Fact]
    public async Task Topic_that_is_recreated_while_it_loads_leaves_nobody_waiting_for_ever()
    {
        var topic = await SnapshotAsync();
        await using var cache = Start(topic);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        embedded.Broker.DeleteTopic(topic);
        embedded.Broker.CreateTopic(topic, 2);
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Rebuilding);
        var count = Task.Run(() => cache.Count);
        _mayLoad.Set();
        Assert.Contains(await count.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), new[] { 0L, Users });
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Entries: 0, Start.IsLoading: false });
    }

    [Fact]
    public async Task Validator_that_counts_the_entries_has_them_loaded()
    {
        KafkaCache<string, string>? cache = null;
        long? seen = null;
        var isAsked = new TaskCompletionSource();
        void Configure(KafkaCacheOptions<string, string> options) => options.ValidateRecord = (in CacheRecord record) =>
        {
            if (cache is { } reading && record.ValueBytes.Length > 1)
            {
                isAsked.TrySetResult();
                seen = reading.Count;
            }

            return true;
        };

        var topic = await SnapshotAsync(change: Configure);
        await using var started = cache = Start(topic, Configure);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var put = cache.PutAsync("new", "put", PutWait.Applied, TestContext.Current.CancellationToken);
        await isAsked.Task;
        _mayLoad.Set();
        await put;
        Assert.Equal((Users, Users + 1), (seen, cache.Count));
    }

    [Fact]
    public async Task Stopped_while_it_loads_it_releases_every_waiter()
    {
        var topic = await SnapshotAsync();
        var cache = Start(topic);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var count = Task.Run(() => cache.Count);
        await cache.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => count);
        Assert.True(count.Exception!.InnerException is ObjectDisposedException or KafkaCacheException, $"{count.Exception.InnerException}");
    }

    private async Task DamageAsync()
    {
        var file = SnapshotTesting.OnlyFileIn(_directory.Path);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[SnapshotFormat.HeadBytes + 1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
    }

    /// <summary>Returns the initial content that a watch delivers.</summary>
    private static async Task<Dictionary<string, string>> ContentAsync(KafkaCache<string, string> cache)
    {
        var content = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var change in cache.WatchAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            if (change.Kind == CacheChangeKind.Ready)
                break;
            content[change.Key] = change.Current!.Value.Value!;
        }

        return content;
    }

    private static void AssertHolds(KafkaCache<string, string> cache)
    {
        Assert.Equal(("1", "since", null), (cache.Get("user 0"), cache.Get("user 1"), cache.Get("user 2")));
        Assert.Null(cache.Get("nobody"));
        Assert.True(cache.ContainsKey($"user {Users - 1}"));
    }

    private async Task<string> SnapshotAsync(string value = "1", Action<KafkaCacheOptions<string, string>>? change = null)
    {
        var topic = embedded.CreateTopic(partitions: 2);
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, Users).Select(i => TestRecord.Of($"user {i}", value)));
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, options =>
        {
            Configure(options);
            change?.Invoke(options);
        });
        await cache.WriteSnapshotAsync();
        return topic;
    }

    private KafkaCache<string, string> Start(
        string topic, Action<KafkaCacheOptions<string, string>>? change = null, long? budget = null)
    {
        var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, Configure);
        change?.Invoke(options);
        return KafkaCache<string, string>.Start(options, _loggers, settings => new WatchedStore(
            new FasterStateStore(budget is null ? settings : settings with { MemoryBudget = budget.Value, MaxEntryBytes = null }),
            _ => _mayLoad.Wait(TestContext.Current.CancellationToken)));
    }

    private void Configure(KafkaCacheOptions<string, string> options)
    {
        options.ReadOnly = false;
        options.Snapshot.Directory = _directory.Path;
        options.Snapshot.MaxAge = TimeSpan.FromHours(1);
        options.Snapshot.ServeFromFileAbove = 0;
    }
}
