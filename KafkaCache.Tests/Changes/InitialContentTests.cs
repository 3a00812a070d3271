using System.Globalization;
using System.Text;
using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Changes;

/// <summary>The initial content of a watch during concurrent writes. The test itself writes to the store, so it controls what the scan
/// finds. Runs alone because one test measures the memory of the whole process.</summary>
[Collection(nameof(InitialContentTests))]
public sealed class InitialContentTests : IDisposable
{
    // More entries than the scan reads at once. So while the watch reports the first part, the scan is between two reads.
    private const int Others = 300;
    private const string Name = "users";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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

    [Fact]
    public async Task What_changes_beside_a_slow_scan_is_held_once_per_key_when_changes_are_conflated()
    {
        for (var i = Others; i < 20 * Others; i++)
            Set(string.Create(CultureInfo.InvariantCulture, $"other {i}"), "1");
        var large = new string('x', 100_000);
        await using var watch = Watch(WatchOverflow.Conflate, maxPending: 100);
        await ReadAsync(watch, 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var part = 0; part < 20; part++)
        {
            for (var i = 0; i < 20; i++)
                Write(() => Set("guest", large));
            await ReadAsync(watch, 290);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 10 << 20);
    }

    [Fact]
    public async Task A_watcher_that_fails_when_it_is_slow_fails_during_the_initial_content_too()
    {
        await using var watch = Watch(WatchOverflow.Fail, maxPending: 3);
        await ReadAsync(watch, 1);
        for (var i = 0; i < 2; i++)
            Write(() => Set("guest", "1"));
        await ReadAsync(watch, Others - 1);
        for (var i = 0; i < 2; i++)
            Write(() => Set("guest", "1"));
        await Assert.ThrowsAsync<WatchOverflowException>(() => ReadAsync(watch, 6));
    }

    [Fact]
    public async Task The_replay_waits_for_a_watcher_that_is_slow_to_read_the_initial_content()
    {
        await using var watch = Watch(WatchOverflow.Wait, maxPending: 3);
        await ReadAsync(watch, 1);
        for (var i = 0; i < 2; i++)
            Write(() => Set("guest", "1"));
        await ReadAsync(watch, Others - 1);
        Write(() => Set("guest", "2"));
        var waits = Task.Run(() => Write(() => Set("guest", "3")), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _feed.PendingChanges == 4);
        Assert.False(waits.IsCompleted);

        string[] rest = await ReadAsync(watch, 3);
        Assert.Equal(["Ready", "Set guest: - > 1", "Set guest: 1 > 1"], rest);
        await waits.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["Set guest: 1 > 2", "Set guest: 2 > 3"], await ReadAsync(watch, 2));
    }

    private IAsyncEnumerator<CacheChange<string, string>> Watch(
        WatchOverflow overflow = WatchOverflow.Conflate, int maxPending = 1) => _watcher
        .RunAsync(new WatchOptions<string> { Overflow = overflow, MaxPending = maxPending }, CancellationToken.None)
        .GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<string[]> ReadAsync(IAsyncEnumerator<CacheChange<string, string>> watch, int count)
    {
        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken));
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

/// <summary>Disables running in parallel with other tests.</summary>
[CollectionDefinition(nameof(InitialContentTests), DisableParallelization = true)]
public sealed class InitialContentAlone;
