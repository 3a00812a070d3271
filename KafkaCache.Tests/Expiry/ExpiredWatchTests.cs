using KafkaCaching.Testing;
using KafkaCaching.Tests.Changes;

namespace KafkaCaching.Tests.Expiry;

/// <summary>Watches that resume in a cache that removes expired entries.</summary>
public sealed class ExpiredWatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public ExpiredWatchTests() => _topic = new InMemoryTopic(partitions: 1, _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resumed_watch_reports_sweeps_of_entries_from_before_its_cursor()
    {
        await using var cache = await ReadyAsync();
        await using var first = await WatchAsync(cache, ("short", Minute), ("long", Hour));
        await using var resumed = new WatchReader(cache, new WatchOptions<string> { ResumeAfter = first.Last.Cursor });
        Assert.Equal(["Ready"], await resumed.NextAsync(1));
        _clock.Advance(2 * Minute);
        Assert.Equal(["Removed short: v > -"], await first.NextAsync(1));
        Assert.Equal(["Removed short: v > -"], await resumed.NextAsync(1));
    }

    [Fact]
    public async Task A_watch_can_be_resumed_from_a_cursor_after_a_sweep_that_it_has_seen()
    {
        await using var cache = await ReadyAsync();
        await using var first = await WatchAsync(cache, ("short", Minute), ("long", Hour));
        var before = first.Last.Cursor;
        _clock.Advance(2 * Minute);
        await first.NextAsync(1);
        await using (var resumed = new WatchReader(cache, new WatchOptions<string> { ResumeAfter = first.Last.Cursor }))
            Assert.Equal(["Ready"], await resumed.NextAsync(1));
        await PutAsync(cache, "b", Hour);
        await first.NextAsync(1);
        await PutAsync(cache, "c", Hour);
        await using (var resumed = new WatchReader(cache, new WatchOptions<string> { ResumeAfter = first.Last.Cursor }))
            Assert.Equal(["Ready", "Set c: - > v"], await resumed.NextAsync(2));
        await using (var resumed = new WatchReader(cache, new WatchOptions<string> { ResumeAfter = before }))
            Assert.Equal(["Initial long: - > v"], await resumed.NextAsync(1));
    }

    [Fact]
    public async Task A_watch_that_was_resumed_can_be_resumed_from_its_first_cursors()
    {
        await using var cache = await ReadyAsync();
        await using var first = await WatchAsync(cache, ("a", Hour));
        await PutAsync(cache, "b", Hour);
        await PutAsync(cache, "c", Hour);
        var options = new WatchOptions<string> { WithCursors = true, ResumeAfter = first.Last.Cursor };
        await using var second = new WatchReader(cache, options);
        Assert.Equal(["Ready"], await second.NextAsync(1));
        await using (var third = new WatchReader(cache, options with { ResumeAfter = second.Last.Cursor }))
            Assert.Equal(["Ready", "Set b: - > v", "Set c: - > v"], await third.NextAsync(3));
        Assert.Equal(["Set b: - > v"], await second.NextAsync(1));
        await using (var third = new WatchReader(cache, options with { ResumeAfter = second.Last.Cursor }))
            Assert.Equal(["Ready", "Set c: - > v"], await third.NextAsync(2));
    }

    [Fact]
    public async Task A_resumed_conflating_watch_reports_the_removal_of_an_entry_that_it_has_reported()
    {
        await using var cache = await ReadyAsync();
        await using var first = await WatchAsync(cache, ("a", Hour));
        await PutAsync(cache, "b", Hour);
        await cache.RemoveAsync("a", PutWait.Applied, Token);
        await using var resumed = new WatchReader(
            cache, new WatchOptions<string> { MaxPending = 1, ResumeAfter = first.Last.Cursor });
        Assert.Equal(["Ready", "Set b: - > v", "Removed a: v > -"], await resumed.NextAsync(3));
    }

    /// <summary>Creates a watch that has reported Ready and then some puts.</summary>
    private static async Task<WatchReader> WatchAsync(
        KafkaCache<string, string> cache, params (string Key, TimeSpan TimeToLive)[] puts)
    {
        var watch = new WatchReader(cache, new WatchOptions<string> { WithCursors = true });
        await watch.NextAsync(1);
        foreach (var (key, timeToLive) in puts)
            await PutAsync(cache, key, timeToLive);
        await watch.NextAsync(puts.Length);
        return watch;
    }

    private static Task<PutResult> PutAsync(KafkaCache<string, string> cache, string key, TimeSpan timeToLive) =>
        cache.PutAsync(key, "v", new PutOptions { TimeToLive = timeToLive, Wait = PutWait.Applied }, Token);

    private async Task<KafkaCache<string, string>> ReadyAsync()
    {
        var cache = _topic.CreateCache<string, string>(static options => options.ExpireByHeader = true);
        await _topic.SettleAsync(Token);
        return cache;
    }
}
