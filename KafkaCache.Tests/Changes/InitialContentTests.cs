using System.Globalization;
using System.Text;
using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Changes;

/// <summary>The initial content of a watch during concurrent writes. The test itself writes to the store, so it controls what the scan
/// finds.</summary>
public sealed class InitialContentTests : IDisposable
{
    // More entries than the scan reads at once. So while the watch reports the first part, the scan is between two reads.
    private const int Others = 300;
    private const string Name = "users";

    private readonly FasterStateStore _store = new(new StoreSettings(16 << 20, null, 1_000, Name));
    private readonly ChangeFeed _feed = new(Name);
    private readonly Watcher<string, string> _watcher;
    private long _offset;

    public InitialContentTests()
    {
        for (var i = 0; i < Others; i++)
            Set(string.Create(CultureInfo.InvariantCulture, $"other {i}"), "1");
        var generation = new Generation(
            1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), new Positions([]),
            new Moment(TimeProvider.System));
        _feed.Serve(static () => { }, generation);
        _watcher = new Watcher<string, string>(
            _feed,
            new EntryDecoder<string, string>(Codecs.ForKey<string>(null, null, Name), Codecs.ForValue<string>(null, null, null, Name)),
            static _ => Task.CompletedTask);
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_key_that_the_scan_met_and_that_then_went_is_not_reported_when_its_changes_were_conflated()
    {
        Set("guest", "1");
        Remove("guest");
        await using var watch = Watch();
        var first = await ReadAsync(watch, 1);

        _feed.BeginBatch();
        Set("guest", "2");
        var rest = ReadAsync(watch, Others);
        Assert.False(rest.IsCompleted);
        Remove("guest");
        _feed.EndBatch();

        string[] all = [.. first, .. await rest];
        Assert.Equal("Ready", all[^1]);
        Assert.DoesNotContain(all, static line => line.Contains("guest", StringComparison.Ordinal));
        Write(() => Set("guest", "3"));
        Assert.Equal(["Set guest: - > 3"], await ReadAsync(watch, 1));
    }

    [Fact]
    public async Task A_key_that_the_scan_met_with_another_entry_is_reported_as_it_was_when_it_has_come_back_to_that()
    {
        var before = Set("guest", "1");
        await using var watch = Watch();
        var first = await ReadAsync(watch, 1);

        _feed.BeginBatch();
        Set("guest", "2");
        var rest = ReadAsync(watch, Others + 1);
        Assert.False(rest.IsCompleted);
        _store.Replace("guest"u8, before, "1"u8);
        _feed.EndBatch();

        string[] all = [.. first, .. await rest];
        Assert.Equal("Ready", all[^1]);
        Assert.Equal(["Initial guest: - > 1"], all.Where(static line => line.Contains("guest", StringComparison.Ordinal)));
        Write(() => Set("guest", "3"));
        Assert.Equal(["Set guest: 1 > 3"], await ReadAsync(watch, 1));
    }

    private IAsyncEnumerator<CacheChange<string, string>> Watch() => _watcher
        .RunAsync(new WatchOptions<string> { MaxPending = 1 }, CancellationToken.None)
        .GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<string[]> ReadAsync(IAsyncEnumerator<CacheChange<string, string>> watch, int count)
    {
        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            Assert.True(await watch.MoveNextAsync());
            lines[i] = WatchReader.Describe(watch.Current);
        }

        return lines;
    }

    private void Write(Action write)
    {
        _feed.BeginBatch();
        write();
        _feed.EndBatch();
    }

    private EntryMetadata Set(string key, string value)
    {
        var metadata = new EntryMetadata(0, _offset++, TimestampMs: 0);
        _store.Set(Encoding.UTF8.GetBytes(key), metadata, Encoding.UTF8.GetBytes(value));
        return metadata;
    }

    private void Remove(string key) => _store.Remove(Encoding.UTF8.GetBytes(key), new EntryMetadata(0, _offset++, TimestampMs: 0));
}
