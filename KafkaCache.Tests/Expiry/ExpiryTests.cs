using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Expiry;

/// <summary>Expiry through the public API.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public ExpiryTests() => _topic = new InMemoryTopic(partitions: 2, _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_read_of_any_kind_returns_an_entry_after_its_deadline()
    {
        await using var cache = _topic.CreateCache<string, string>(static options =>
        {
            options.TimeToLive = Minute;
            options.Indexes.OrderKeys = true;
            options.Indexes.Add("length", static value => (int[])[value.Length]);
        });
        await _topic.SettleAsync(Token);
        await cache.PutAsync("a", "v", PutWait.Applied, Token);
        Assert.True(cache.TryGetEntry("a", out var entry));
        Assert.Equal(_clock.GetUtcNow() + Minute, entry.ExpiresAt!.Value, Minute / 1000);
        _clock.Advance(entry.ExpiresAt.Value - _clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, cache.Count);
        Assert.Equal("v", cache.Get("a"));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(cache.Get("a"));
        Assert.False(cache.TryGetEntry("a", out _));
        Assert.False(cache.ContainsKey("a"));
        Assert.False(cache.TryGetBytes("a", new System.Buffers.ArrayBufferWriter<byte>()));
        Assert.Empty(cache.GetMany(["a"]));
        Assert.Empty(cache.Keys);
        Assert.Empty(cache.Scan());
        Assert.Empty(cache.Find("length", 1));
        Assert.Empty(cache.ScanPrefix("a"));
        Assert.Equal((0, 0), (cache.Count, cache.Status.Entries));
    }

    [Fact]
    public async Task A_put_says_its_own_time_to_live_and_every_cache_of_the_topic_obeys_it()
    {
        await using var writer = _topic.CreateCache<string, string>(static options => options.TimeToLive = Minute);
        await using var reader = _topic.CreateCache<string, string>(static options => options.ExpireByHeader = true);
        await _topic.SettleAsync(Token);
        await writer.PutAsync("short", "v", new PutOptions { TimeToLive = TimeSpan.FromSeconds(5) }, Token);
        await writer.PutAsync("long", "v", new PutOptions { TimeToLive = TimeSpan.FromHours(1) }, Token);
        await writer.PutAsync("usual", "v", cancellationToken: Token);
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((null, "v", "v"), (reader.Get("short"), reader.Get("long"), reader.Get("usual")));
        _clock.Advance(Minute);
        Assert.Equal((null, "v"), (writer.Get("usual"), writer.Get("long")));
        Assert.Equal("v", reader.Get("usual")); // The record has no expiry header, and this cache has no default.
    }

    [Fact]
    public async Task A_put_again_begins_a_new_time_to_live()
    {
        await using var cache = _topic.CreateCache<string, string>(static options => options.TimeToLive = Minute);
        await _topic.SettleAsync(Token);
        for (var i = 0; i < 5; i++)
        {
            await cache.PutAsync("k", $"v{i}", PutWait.Applied, Token);
            _clock.Advance(Minute * 0.9);
            Assert.Equal($"v{i}", cache.Get("k"));
        }
    }

    [Fact]
    public async Task A_watch_reports_the_removal_when_the_entry_is_swept()
    {
        await using var cache = _topic.CreateCache<string, string>(static options => options.TimeToLive = Minute);
        await _topic.SettleAsync(Token);
        await cache.PutAsync("k", "v", PutWait.Applied, Token);
        await using var watch = cache.WatchAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync());
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(CacheChangeKind.Ready, watch.Current.Kind);
        var next = watch.MoveNextAsync();
        _clock.Advance(2 * Minute);
        Assert.True(await next);
        Assert.Equal((CacheChangeKind.Removed, "k", "v"), (watch.Current.Kind, watch.Current.Key, watch.Current.Previous!.Value.Value));
        Assert.Equal(1, cache.Status.ExpiredEntries);
    }

    [Fact]
    public async Task What_expired_before_the_cache_began_is_never_shown()
    {
        for (var i = 0; i < 1_000; i++)
            _topic.Produce($"old{i}", "v", timestamp: _clock.GetUtcNow() - Minute);
        _topic.Produce("new", "v");
        await using var cache = _topic.CreateCache<string, string>(static options => options.TimeToLive = Minute);
        await _topic.SettleAsync(Token);
        Assert.Equal((1, 1_000), (cache.Count, cache.Status.ExpiredEntries));
        await foreach (var change in cache.WatchAsync(cancellationToken: Token))
        {
            if (change.Kind == CacheChangeKind.Ready)
                break;
            Assert.Equal("new", change.Key);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e3")]
    [InlineData("1000 ms")]
    [InlineData("99999999999999999999")]
    public async Task A_header_that_is_no_time_to_live_is_a_record_error_that_names_it(string header)
    {
        await using var cache = _topic.CreateCache<string, string>(static options =>
        {
            options.ExpireByHeader = true;
            options.OnRecordError = RecordErrorPolicy.Skip;
        });
        _topic.ProduceBytes("k"u8.ToArray(), "v"u8.ToArray(), headers: [new("kafkacache-ttl", Encoding.UTF8.GetBytes(header))]);
        _topic.Produce("good", "v");
        await _topic.SettleAsync(Token);
        Assert.Equal((null, "v"), (cache.Get("k"), cache.Get("good")));
        Assert.Equal(1, cache.Status.RecordErrorsByReason[RecordErrorReason.InvalidTimeToLive]);
    }

    [Fact]
    public async Task A_put_with_a_time_to_live_that_this_cache_would_ignore_is_refused()
    {
        await using var cache = _topic.CreateCache<string, string>();
        await _topic.SettleAsync(Token);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => cache.PutAsync("k", "v", new PutOptions { TimeToLive = Minute }, Token));
        Assert.Contains("ExpireByHeader", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_topic.Records);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    [InlineData(864_000_001)]
    public void A_time_to_live_out_of_range_is_refused_where_it_is_set(double seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PutOptions { TimeToLive = TimeSpan.FromSeconds(seconds) });

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public async Task A_put_with_a_header_that_is_no_time_to_live_is_refused_and_faults_no_cache(string header)
    {
        await using var cache = _topic.CreateCache<string, string>(static options => options.ExpireByHeader = true);
        await _topic.SettleAsync(Token);
        var bad = new PutOptions { Headers = new Headers { { "kafkacache-ttl", Encoding.UTF8.GetBytes(header) } } };

        var refused = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "v", bad, Token));
        var attempt = Assert.Single(await cache.PutManyAsync([new("k", "v")], bad, Token));

        Assert.Equal((PutOutcome.NotCommitted, PutOutcome.NotCommitted), (refused.Outcome, attempt.Error?.Outcome));
        Assert.Contains("kafkacache-ttl", refused.Message, StringComparison.Ordinal);
        await cache.PutAsync("overridden", "v", bad with { TimeToLive = Minute }, Token);
        await cache.RemoveAsync("k", bad, Token);
        await _topic.SettleAsync(Token);
        Assert.Equal((CachePhase.Ready, 1), (cache.Status.Phase, cache.Count));
    }

    [Fact]
    public void All_faults_of_the_options_are_reported_together()
    {
        var faulty = Assert.Throws<OptionsValidationException>(() => _topic.CreateCache<string, string>(static options =>
        {
            options.TimeToLive = TimeSpan.Zero;
            options.KeepHeaders = ["a", "a"];
            options.ValidateMutation = static (in CacheMutation<string, string> _) => true;
            options.Store.WhenFull = StoreFullPolicy.Evict;
            options.Store.SpillDirectory = Path.GetTempPath();
        }));
        string[] faults = ["TimeToLive is 00:00:00", "ValidateMutation", "KeepHeaders has a name twice", "Store.SpillDirectory"];
        foreach (var named in faults)
            Assert.Contains(named, faulty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_headers_come_with_the_entry_and_with_its_changes()
    {
        await using var cache = _topic.CreateCache<string, string>(static options =>
        {
            options.KeepHeaders = ["content-type", "etag"];
            options.TimeToLive = Minute;
        });
        await _topic.SettleAsync(Token);
        var headers = new Headers { { "etag", "1"u8.ToArray() }, { "other", [1] }, { "etag", "2"u8.ToArray() } };
        await cache.PutAsync("k", "v", new PutOptions { Wait = PutWait.Applied, Headers = headers }, Token);
        await cache.PutAsync("none", "v", PutWait.Applied, Token);

        Assert.True(cache.TryGetEntry("k", out var entry));
        Assert.Equal(("v", "v"), (entry.Value, cache.Get("k")));
        Assert.Equal(["etag"], entry.Headers.Select(static header => header.Key));
        Assert.True(entry.Headers.TryGet("etag", out var tag));
        Assert.Equal("2"u8.ToArray(), tag.ToArray());
        Assert.False(entry.Headers.TryGet("other", out _));
        Assert.True(cache.TryGetEntry("none", out var plain));
        Assert.Empty(plain.Headers);

        await foreach (var change in cache.WatchAsync(cancellationToken: Token))
        {
            if (change.Kind == CacheChangeKind.Ready)
                break;
            Assert.Equal((change.Key == "k" ? 1 : 0, "v"), (change.Current!.Value.Headers.Count(), change.Current.Value.Value));
        }
    }

    [Fact]
    public async Task A_put_whose_kept_headers_make_the_entry_too_large_is_refused()
    {
        await using var cache = _topic.CreateCache<string, string>(static options =>
        {
            options.KeepHeaders = ["h"];
            options.Store.MaxEntryBytes = 2048;
        });
        await _topic.SettleAsync(Token);
        var large = new PutOptions { Headers = new Headers { { "h", new byte[2048] } } };
        var refused = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "v", large, Token));
        Assert.Equal(PutRefusal.Size, refused.Refusal);
    }

    // The entry itself would fit into the store.
    [Fact]
    public async Task A_put_whose_kept_headers_are_longer_than_an_entry_can_keep_is_refused_and_faults_no_cache()
    {
        await using var cache = _topic.CreateCache<string, string>(static options => options.KeepHeaders = ["a", "b"]);
        await _topic.SettleAsync(Token);
        const int most = 65_535 - 8 - 2; // Less the lengths and the names.
        await cache.PutAsync("k", "v", With(most / 2, most - (most / 2)), Token);
        var refused = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "w", With(most / 2, most - (most / 2) + 1), Token));
        Assert.Equal((PutOutcome.NotCommitted, PutRefusal.Size), (refused.Outcome, refused.Refusal));
        Assert.Contains("KeepHeaders", refused.Message, StringComparison.Ordinal);
        await cache.RemoveAsync("other", With(most, most), Token);
        await _topic.SettleAsync(Token);
        Assert.Equal((CachePhase.Ready, "v"), (cache.Status.Phase, cache.Get("k")));

        static PutOptions With(int a, int b) => new() { Headers = new Headers { { "a", new byte[a] }, { "b", new byte[b] } } };
    }

    [Fact]
    public async Task A_put_whose_kept_time_to_live_makes_the_entry_too_large_is_refused_and_faults_no_cache()
    {
        await using var cache = _topic.CreateCache<string, byte[]>(static options =>
        {
            options.ExpireByHeader = true;
            options.KeepHeaders = ["kafkacache-ttl"];
            options.Store.MaxEntryBytes = 2048;
        });
        await _topic.SettleAsync(Token);
        var header = 4 + "kafkacache-ttl".Length + "60000".Length;
        var most = 2048 - 62 - 1 - header;
        var options = new PutOptions { TimeToLive = Minute };
        await cache.PutAsync("k", new byte[most], options, Token);
        var refused = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", new byte[most + 1], options, Token));
        Assert.Equal(PutRefusal.Size, refused.Refusal);
        await _topic.SettleAsync(Token);
        Assert.Equal((CachePhase.Ready, most), (cache.Status.Phase, cache.Get("k")!.Length));
    }
}
