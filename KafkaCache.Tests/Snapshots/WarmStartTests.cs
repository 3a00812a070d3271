using KafkaCaching.Generations.Supervision;
using KafkaCaching.Snapshots;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Snapshots.Format;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Tests when a cache uses its snapshot, and which reason it reports for a cold start. The tests control the clock; the embedded
/// broker doesn't report <c>delete.retention.ms</c>.</summary>
public sealed class WarmStartTests(EmbeddedBrokerFixture embedded) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Snapshot_is_used_up_to_its_greatest_age_and_not_beyond()
    {
        var topic = await SnapshotOfAsync("a", "b");
        _time.Advance(TimeSpan.FromMinutes(50));
        await using (var warm = await StartAsync(topic))
        {
            Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
            Assert.InRange(warm.Status.Start.Age!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(55));
            Assert.Equal((2, "1"), (warm.Count, warm.Get("a")));
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await AssertColdAsync(topic, ColdStartReason.TooOld);
    }

    [Fact]
    public async Task Snapshot_whose_own_age_is_too_high_is_no_reason_not_to_ask_a_sibling()
    {
        var topic = await SnapshotOfAsync("a");
        var asked = new TaskCompletionSource();
        void Ask(KafkaCacheOptions<string, string> options)
        {
            options.Snapshot.From = "http://127.0.0.1:1/users";
            options.Snapshot.CreateHttpClient = () =>
            {
                asked.TrySetResult();
                return new HttpClient();
            };
        }

        await using (var warm = await StartAsync(topic, Ask))
            Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
        Assert.False(asked.Task.IsCompleted);
        _time.Advance(TimeSpan.FromHours(2));
        await using var cold = await StartAsync(topic, Ask);
        Assert.False(cold.Status.Start!.IsWarm);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Snapshot_of_unknown_age_is_not_used()
    {
        var topic = await SnapshotOfAsync("a");
        await AssertColdAsync(topic, ColdStartReason.RetentionUnknown, static options => options.Snapshot.MaxAge = null);
    }

    [Fact]
    public async Task Snapshot_from_the_future_is_not_used()
    {
        var topic = await SnapshotOfAsync("a");
        await AssertColdAsync(
            topic, ColdStartReason.ClockSetBack,
            options => options.TimeProvider = new FakeTimeProvider(_time.GetUtcNow() - TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task Damaged_snapshot_is_set_aside_once_and_another_is_written()
    {
        var topic = await SnapshotOfAsync("a");
        var file = SnapshotTesting.OnlyFileIn(_directory.Path);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[70] ^= 1; // In the first frame.
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        await AssertColdAsync(topic, ColdStartReason.Damaged);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file + ".unusable", TestContext.Current.CancellationToken));
        Assert.False(File.Exists(file));
        await using (var second = await StartAsync(topic))
        {
            Assert.Equal(ColdStartReason.NoSnapshot, second.Status.Start!.Reason);
            await WriteSnapshotAsync(second);
        }

        await using var third = await StartAsync(topic);
        Assert.True(third.Status.Start!.IsWarm, $"{third.Status.Start}");
    }

    // Opening a named pipe for reading blocks until a writer opens it.
    [Fact]
    public async Task File_that_does_not_answer_is_given_up_after_a_while_and_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Makes a named pipe.");
        var topic = await SnapshotOfAsync("a");
        var file = SnapshotTesting.OnlyFileIn(_directory.Path);
        File.Delete(file);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [file]))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);

        await using (var cold = KafkaCache.Create(Options(topic, change: null)))
        {
            await ReadyAsTimePasses(cold);
            Assert.Equal(ColdStartReason.TimedOut, cold.Status.Start!.Reason);
            Assert.Equal(1, cold.Count);
            await WriteSnapshotAsync(cold);
        }

        await using var warm = await StartAsync(topic);
        Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
    }

    [Fact]
    public async Task Directory_in_the_place_of_the_file_is_unreadable()
    {
        var topic = await SnapshotOfAsync("a");
        var file = SnapshotTesting.OnlyFileIn(_directory.Path);
        File.Delete(file);
        Directory.CreateDirectory(file);
        await AssertColdAsync(topic, ColdStartReason.Unreadable);
    }

    [Fact]
    public async Task Snapshot_written_with_other_options_is_not_used()
    {
        var topic = await SnapshotOfAsync("a");
        await AssertColdAsync(topic, ColdStartReason.OtherVersion, static options => options.Snapshot.Version = "2");
        await AssertColdAsync(topic, ColdStartReason.OtherVersion, static options => options.OnRecordError = RecordErrorPolicy.Quarantine);
        await using var warm = await StartAsync(topic);
        Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
    }

    [Fact]
    public async Task Snapshot_of_another_version_of_the_library_is_not_used_and_stays()
    {
        var topic = await SnapshotOfAsync("a");
        var file = SnapshotTesting.OnlyFileIn(_directory.Path);
        SnapshotRewriting.Rewrite(file, static description => description with { Library = "0.0.0.1" });
        await AssertColdAsync(topic, ColdStartReason.OtherFormat);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Snapshot_of_a_recreated_topic_is_not_used_and_that_of_a_log_that_begins_later_is()
    {
        var topic = await SnapshotOfAsync("a", "b");
        embedded.Broker.DeleteRecords(topic, partition: 0, beforeOffset: 1);
        await using (var cut = await StartAsync(topic))
        {
            Assert.Equal((ColdStartReason.None, 1), (cut.Status.Start!.Reason, cut.Count));
            await WriteSnapshotAsync(cut);
        }

        embedded.Broker.DeleteTopic(topic);
        embedded.Broker.CreateTopic(topic, 1);
        using var kafka = new TestKafka(embedded.BootstrapServers);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 5).Select(static i => TestRecord.Of($"new {i}", "1")));
        await using var other = await StartAsync(topic);
        Assert.Equal((ColdStartReason.OtherTopic, 5), (other.Status.Start!.Reason, other.Count));
    }

    [Fact]
    public async Task Record_that_was_refused_because_of_a_deleted_one_is_validated_again()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("k", "5"), TestRecord.Of("k", "3"), TestRecord.Of("other", "1"));
        await using (var first = await StartAsync(topic, OnlyRise))
        {
            Assert.Equal("5", first.Get("k"));
            await WriteSnapshotAsync(first);
        }

        embedded.Broker.DeleteRecords(topic, partition: 0, beforeOffset: 1);
        await using var cut = await StartAsync(topic, OnlyRise);
        Assert.Equal(("3", ColdStartReason.LogChanged), (cut.TryGet("k", out var k) ? k : null, cut.Status.Start!.Reason));

        static void OnlyRise(KafkaCacheOptions<string, string> options)
        {
            options.OnRecordError = RecordErrorPolicy.Skip;
            options.ValidateMutation = static (in CacheMutation<string, string> change) =>
                !change.HasPrevious || !change.HasNext || string.CompareOrdinal(change.Next, change.Previous) >= 0;
        }
    }

    // The cold cache then faults, and its fault does not quote the message either.
    [Fact]
    public async Task Selector_that_throws_while_the_snapshot_is_loaded_is_not_quoted()
    {
        var throws = false;
        void Index(KafkaCacheOptions<string, string> options) => options.Indexes.Add(
            "by value", value => throws ? throw new InvalidOperationException($"bad value {value}") : new[] { value });

        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("a", "secret"));
        await using (var first = await StartAsync(topic, Index))
            await WriteSnapshotAsync(first);
        throws = true;

        await using var cold = KafkaCache.Create(Options(topic, Index));
        await EventuallyAsTimePasses(() => cold.Status.Phase == CachePhase.Faulted);
        var start = cold.Status.Start!;
        Assert.Equal(ColdStartReason.Unreadable, start.Reason);
        Assert.Contains(nameof(InvalidOperationException), start.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", start.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_entries_for_the_budget_are_reported()
    {
        var topic = embedded.CreateTopic();
        var value = new string('x', 60_000);
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, 60).Select(i => TestRecord.Of($"k{i}", value)));
        await using (var first = await StartAsync(topic))
            await WriteSnapshotAsync(first);
        var options = Options(topic, change: null);
        await using var small = KafkaCache<string, string>.Start(
            options, loggerFactory: null,
            static settings => new FasterStateStore(settings with { MemoryBudget = 1 << 20, MaxEntryBytes = null }));
        await StartDecidedAsync(small);
        Assert.Equal(ColdStartReason.TooLarge, small.Status.Start!.Reason);
    }

    [Fact]
    public async Task Watch_reports_nothing_of_entries_that_expired_before_the_start()
    {
        static void Expire(KafkaCacheOptions<string, string> options)
        {
            options.TimeToLive = TimeSpan.FromMinutes(30);
            options.Snapshot.ServeFromFileAbove = 0;
        }

        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, TestRecord.Of("old", "1"), TestRecord.Of("young", "1") with { Timestamp = _time.GetUtcNow().AddMinutes(20) });
        await using (var first = await StartAsync(topic, Expire))
            await WriteSnapshotAsync(first);
        _time.Advance(TimeSpan.FromMinutes(35));

        await using var warm = KafkaCache.Create(Options(topic, Expire));
        await using var watch = warm.WatchAsync(cancellationToken: TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var moved = watch.MoveNextAsync().AsTask();
        Assert.True(await moved);
        Assert.Equal("young", watch.Current.Key);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(CacheChangeKind.Ready, watch.Current.Kind);
    }

    [Fact]
    public async Task Entries_expire_after_a_warm_start_when_they_would_have()
    {
        static void Expire(KafkaCacheOptions<string, string> options) => options.TimeToLive = TimeSpan.FromMinutes(30);
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, TestRecord.Of("a", "1"), TestRecord.Of("b", "1") with { Timestamp = _time.GetUtcNow().AddMinutes(20) });
        await using (var first = await StartAsync(topic, Expire))
            await WriteSnapshotAsync(first);
        _time.Advance(TimeSpan.FromMinutes(35));

        await using var warm = await StartAsync(topic, Expire);
        Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
        Assert.Equal((null, "1", 1), (warm.Get("a"), warm.Get("b"), warm.Count));
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((null, 0), (warm.Get("b"), warm.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_was_loaded_from_a_snapshot_of_unknown_age_is_collected(bool servesFromFile)
    {
        var topic = await SnapshotOfAsync("a", "b");
        var stores = new List<WeakReference>();
        await using var cold = await StartAsync(topic, stores, servesFromFile, maxAge: null);
        Assert.Equal(ColdStartReason.RetentionUnknown, cold.Status.Start!.Reason);
        Assert.Equal(2, stores.Count);
        await CollectedAsync(stores[0]);
    }

    [Fact]
    public async Task A_snapshot_whose_own_age_is_too_high_is_not_loaded()
    {
        var topic = await SnapshotOfAsync("a", "b");
        _time.Advance(TimeSpan.FromHours(2));
        var stores = new List<WeakReference>();
        await using var cold = await StartAsync(topic, stores, servesFromFile: false, MaxAge);
        Assert.Equal(ColdStartReason.TooOld, cold.Status.Start!.Reason);
        Assert.Single(stores);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_was_loaded_from_a_snapshot_is_collected_once_it_is_replaced(bool servesFromFile)
    {
        var topic = await SnapshotOfAsync("a", "b");
        var stores = new List<WeakReference>();
        await using var warm = await StartAsync(topic, stores, servesFromFile, MaxAge);
        Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
        await EventuallyAsTimePasses(() => !warm.Status.Start!.IsLoading);
        embedded.Broker.DeleteTopic(topic);
        embedded.Broker.CreateTopic(topic, 1);
        using var kafka = new TestKafka(embedded.BootstrapServers);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 5).Select(static i => TestRecord.Of($"new {i}", "1")));
        await EventuallyAsTimePasses(() => warm.Status is { Generation: 2, Entries: 5 });
        await CollectedAsync(stores[0]);
    }

    private static Task CollectedAsync(WeakReference store) => Eventually.TrueAsync(() =>
    {
        GC.Collect();
        return !store.IsAlive;
    });

    private async Task<KafkaCache<string, string>> StartAsync(
        string topic, List<WeakReference> stores, bool servesFromFile, TimeSpan? maxAge)
    {
        var options = Options(topic, one =>
        {
            one.Snapshot.MaxAge = maxAge;
            if (servesFromFile)
                one.Snapshot.ServeFromFileAbove = 0;
        });
        var cache = KafkaCache<string, string>.Start(options, loggerFactory: null, settings =>
        {
            var store = new FasterStateStore(settings);
            lock (stores)
                stores.Add(new WeakReference(store));
            return store;
        });
        await EventuallyAsTimePasses(() => cache.Status.Phase == CachePhase.Ready);
        return cache;
    }

    private async Task<string> SnapshotOfAsync(params string[] keys)
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, keys.Select(static key => TestRecord.Of(key, "1")));
        await using var cache = await StartAsync(topic);
        await WriteSnapshotAsync(cache);
        return topic;
    }

    private async Task AssertColdAsync(
        string topic, ColdStartReason reason, Action<KafkaCacheOptions<string, string>>? change = null)
    {
        await using var cache = await StartAsync(topic, change);
        Assert.Equal(reason, cache.Status.Start!.Reason);
        Assert.NotEmpty(cache.Status.Start.Problem!);
        Assert.NotEqual(0, cache.Count);
    }

    private async Task<KafkaCache<string, string>> StartAsync(string topic, Action<KafkaCacheOptions<string, string>>? change = null)
    {
        var cache = KafkaCache.Create(Options(topic, change));
        await StartDecidedAsync(cache);
        await ReadyAsTimePasses(cache);
        return cache;
    }

    private Task ReadyAsTimePasses(KafkaCache<string, string> cache) =>
        EventuallyAsTimePasses(() => cache.Status.Phase == CachePhase.Ready);

    // The test clock stands still until then: reading the file takes real time, and on a busy machine it could exceed the limit.
    private static Task StartDecidedAsync(KafkaCache<string, string> cache) => Eventually.TrueAsync(() => cache.Status.Start is not null);

    private KafkaCacheOptions<string, string> Options(string topic, Action<KafkaCacheOptions<string, string>>? change) =>
        TestCaches.Options<string, string>(embedded.BootstrapServers, topic, options =>
        {
            options.TimeProvider = _time;
            options.Snapshot.Directory = _directory.Path;
            options.Snapshot.MaxAge = MaxAge;
            change?.Invoke(options);
        });

    private Task WriteSnapshotAsync(KafkaCache<string, string> cache)
    {
        var before = cache.Status.Snapshot!.Count;
        return EventuallyAsTimePasses(() =>
        {
            if (cache.Status.Snapshot!.Count > before)
                return true;
            cache.Parts.Replay.Supervisor.Snapshots!.Request();
            return false;
        });
    }

    private Task EventuallyAsTimePasses(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(200));
        return condition();
    });
}
