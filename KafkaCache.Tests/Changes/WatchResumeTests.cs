using System.Globalization;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Changes;

/// <summary>Watches that resume where another watch ended.</summary>
public sealed class WatchResumeTests(EmbeddedBrokerFixture broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_resumes_after_its_cursor_and_without_the_initial_content()
    {
        await using var cache = await WritableAsync(partitions: 3);
        var cursor = await CursorAfterAsync(cache, changes: 2);

        await cache.PutAsync("c", "1", cancellationToken: Token);
        await cache.RemoveAsync("a", cancellationToken: Token);
        await using var resumed = new WatchReader(cache, new WatchOptions<string> { ResumeAfter = WatchCursor.Parse($"{cursor}", null) });
        Assert.Equal("Ready", (await resumed.NextAsync(1))[0]);
        Assert.Equal(["Removed a: 1 > -", "Set c: - > 1"], (await resumed.NextAsync(2)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_the_recent_changes_do_not_reach_back_the_initial_content_comes()
    {
        await using var cache = await WritableAsync(partitions: 1);
        var cursor = await CursorAfterAsync(cache, changes: 2);

        await cache.PutManyAsync(Enumerable.Range(0, 10_100).Select(static i => KeyValuePair.Create($"k{i}", "1")), PutWait.Applied, Token);
        await using var resumed = new WatchReader(cache, new WatchOptions<string> { ResumeAfter = cursor });
        Assert.StartsWith("Initial", (await resumed.NextAsync(1))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_of_another_cache_brings_the_initial_content()
    {
        await using var one = await WritableAsync(partitions: 1);
        await using var other = await WritableAsync(partitions: 1);
        await other.PutAsync("x", "1", PutWait.Applied, Token);
        var cursor = await CursorAfterAsync(one, changes: 1);
        await using var resumed = new WatchReader(other, new WatchOptions<string> { ResumeAfter = cursor });
        Assert.Equal(["Initial x: - > 1", "Ready"], await resumed.NextAsync(2));
    }

    // There are more entries than a watcher gets in one batch.
    [Fact]
    public async Task A_watch_that_ended_between_the_entries_of_one_record_reports_all_of_them_when_it_resumes()
    {
        const int Entries = 600;
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<string, string>(static o => o.Resolver = static (in record, updates) =>
        {
            for (var i = 0; i < Entries; i++)
                updates.Set(string.Create(CultureInfo.InvariantCulture, $"{record.ReadKey<string>()}{i}"), "1");
        });
        await topic.SettleAsync(Token);
        await using var first = new WatchReader(cache, new WatchOptions<string> { WithCursors = true });
        Assert.Equal(["Ready"], await first.NextAsync(1));
        topic.Produce("a", "1");
        topic.Produce("end", "1");
        var (cursor, heard) = (first.Last.Cursor, 0);
        for (var i = 1; i < Entries; i++)
        {
            await first.NextAsync(1);
            if (first.Last.Cursor is { } here)
                (cursor, heard) = (here, i);
        }

        await using var resumed = new WatchReader(cache, new WatchOptions<string> { ResumeAfter = cursor });
        Assert.Equal(["Ready"], await resumed.NextAsync(1));
        while ((await resumed.NextAsync(1))[0].StartsWith("Set a", StringComparison.Ordinal))
            heard++;
        Assert.Equal(Entries, heard);
    }

    [Fact]
    public async Task A_watch_without_the_initial_content_gets_it_where_it_cannot_resume()
    {
        var (one, other) = (new InMemoryTopic(), new InMemoryTopic());
        await using var ended = one.CreateCache<string, string>();
        await using var cache = other.CreateCache<string, string>();
        var cursor = await CursorAfterAsync(ended, changes: 1);
        await cache.PutAsync("x", "1", PutWait.Applied, Token);
        await using var resumed = new WatchReader(cache, new WatchOptions<string> { SkipInitial = true, ResumeAfter = cursor });
        Assert.Equal(["Initial x: - > 1", "Ready"], await resumed.NextAsync(2));
    }

    [Fact]
    public async Task A_resumed_watch_that_fails_when_it_is_slow_has_time_for_the_changes_after_its_cursor()
    {
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<string, string>();
        var cursor = await CursorAfterAsync(cache, changes: 1);
        for (var i = 1; i <= 3; i++)
            await cache.PutAsync("c", $"{i}", PutWait.Applied, Token);
        await using var resumed = new WatchReader(
            cache, new WatchOptions<string> { ResumeAfter = cursor, MaxPending = 2, Overflow = WatchOverflow.Fail });
        Assert.Equal(["Ready", "Set c: - > 1"], await resumed.NextAsync(2));
        for (var i = 4; i <= 5; i++)
            await cache.PutAsync("c", $"{i}", PutWait.Applied, Token);
        Assert.Equal(["Set c: 1 > 2", "Set c: 2 > 3", "Set c: 3 > 4", "Set c: 4 > 5"], await resumed.NextAsync(4));

        for (var i = 6; i <= 8; i++)
            await cache.PutAsync("c", $"{i}", PutWait.Applied, Token);
        await Assert.ThrowsAsync<WatchOverflowException>(() => resumed.NextAsync(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("abc~")]
    [InlineData("abc~1.-2")]
    [InlineData("abc~1.x")]
    [InlineData("abc~99999999999999999999")]
    public void A_text_that_is_no_cursor_is_refused(string text)
    {
        Assert.False(WatchCursor.TryParse(text, out _));
        Assert.Throws<FormatException>(() => WatchCursor.Parse(text, null));
    }

    // The first watch asks for cursors; two keys are put before it ends.
    private static async Task<WatchCursor> CursorAfterAsync(KafkaCache<string, string> cache, int changes)
    {
        await using var first = new WatchReader(cache, new WatchOptions<string> { WithCursors = true });
        Assert.Equal("Ready", (await first.NextAsync(1))[0]);
        for (var i = 0; i < changes; i++)
            await cache.PutAsync(i == 0 ? "a" : "b", "1", cancellationToken: Token);
        await first.NextAsync(changes);
        return first.Last.Cursor!;
    }

    private Task<KafkaCache<string, string>> WritableAsync(int partitions) =>
        TestCaches.ReadyAsync(broker.BootstrapServers, broker.CreateTopic(partitions), static o => o.ReadOnly = false);
}
