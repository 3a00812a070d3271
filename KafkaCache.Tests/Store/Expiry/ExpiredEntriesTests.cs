using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Expiry;

public sealed class ExpiredEntriesTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RemovalCounts _removals = new();

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void An_entry_is_readable_until_its_deadline_and_never_after()
    {
        using var store = NewStore();
        store.Set(Key(1), Until(10, 60_000), Describing(10, 50));
        var deadline = Until(10, 60_000).Deadline.Ms;
        _clock.Advance(TimeSpan.FromMilliseconds(deadline - NowMs - 1));
        AssertStands(store, 1, 10, 50);
        Assert.Equal((1, 0), (store.Count, store.ExpiredCount));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        AssertAbsent(store, 1);
        Assert.Empty(ScanKeys(store));
        Assert.Equal((0, 1), (store.Count, store.ExpiredCount));
        using var even = store.ReadEvenExpired(Key(1));
        Assert.True(even.Found);
    }

    [Fact]
    public void Sweeping_removes_what_has_expired_and_nothing_else()
    {
        using var store = NewStore();
        for (var i = 0; i < 1_000; i++)
            store.Set(Key(i), i % 3 == 0 ? At(i) : Until(i, i % 3 == 1 ? 10_000 : 90_000), Describing(i, 40));
        _clock.Advance(TimeSpan.FromSeconds(60));
        store.Sweep(TimeSpan.MaxValue);
        Assert.Equal((667, 0, 333), (store.Count, store.ExpiredCount, _removals.Expired));
        for (var i = 0; i < 1_000; i++)
        {
            using var even = store.ReadEvenExpired(Key(i));
            Assert.Equal(i % 3 != 1, even.Found);
        }
    }

    [Fact]
    public void Room_of_swept_entries_is_used_again()
    {
        using var store = NewStore(budget: 1 * MiB);
        for (var i = 0; i < 200_000; i++)
        {
            store.Set(Key(i), Until(i, 1_000), Describing(i, 100));
            if (i % 100 == 0)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
                store.Sweep(TimeSpan.MaxValue);
            }
        }

        Assert.InRange(store.Count, 900, 1_200);
    }

    [Fact]
    public void A_time_to_live_takes_8_bytes_and_an_entry_without_one_none()
    {
        Assert.Equal(0, EntryLayout.BytesOfMore(At(1)));
        Assert.Equal(8, EntryLayout.BytesOfMore(Until(1, 1_000)));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public void Random_histories_agree_with_a_dictionary_at_every_moment(int budgetMiB)
    {
        var random = new Random((int)TestSeed.Next());
        using var store = NewStore(budgetMiB * MiB);
        var model = new Dictionary<int, (EntryMetadata Metadata, int Length)>();
        for (var offset = 0; offset < 60_000; offset++)
        {
            var key = random.Next(1_500);
            switch (random.Next(100))
            {
                case < 60:
                    var metadata = random.Next(4) == 0 ? At(offset, timestamp: NowMs) : Until(offset, 1 + random.Next(20_000));
                    var length = random.Next(random.Next(10) == 0 ? 600 : 100);
                    store.Set(Key(key), metadata, Describing(offset, length));
                    model[key] = (metadata, length);
                    break;
                case < 70:
                    store.Remove(Key(key), At(offset));
                    model.Remove(key);
                    break;
                case < 85:
                    _clock.Advance(TimeSpan.FromMilliseconds(random.Next(50)));
                    break;
                case 85:
                    store.Sweep(random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.MaxValue);
                    break;
                default:
                    if (model.TryGetValue(key, out var stands) && !stands.Metadata.Deadline.IsPast(NowMs))
                        AssertStands(store, key, stands.Metadata.Offset, stands.Length);
                    else
                        AssertAbsent(store, key);
                    break;
            }

            if (offset % 500 == 0)
                AssertAgrees(store, model);
        }

        AssertAgrees(store, model);
    }

    [Fact]
    public void An_observer_gets_each_swept_entry_as_a_removal_that_is_not_in_the_log()
    {
        using var store = NewStore();
        var observer = new SeenChanges();
        store.Observer = observer;
        store.Set(Key(1), Until(10, 1_000), Describing(10, 20));
        _clock.Advance(TimeSpan.FromSeconds(1));
        store.Sweep(TimeSpan.MaxValue);
        Assert.Equal(["set 10 True", "removed 10 False"], observer.Seen);
    }

    [Fact]
    public void Sweeping_without_a_limit_removes_also_what_expired_behind_a_round_that_was_begun()
    {
        using var store = NewStore();
        for (var i = 0; i < 1_000; i++)
            store.Set(Key(i), Until(i, i < 10 ? 9_000 : 1_000), Describing(i, 40));
        _clock.Advance(TimeSpan.FromSeconds(2));
        store.Sweep(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromSeconds(8));
        store.Sweep(TimeSpan.MaxValue);
        Assert.Equal((0, 0, 1_000), (store.Count, store.ExpiredCount, _removals.Expired));
    }

    [Fact]
    public void Entries_are_counted_again_when_a_clock_that_was_ahead_is_set_back()
    {
        const int Hour = 3_600_000;
        var right = _clock.GetUtcNow();
        using var store = NewStore();
        for (var i = 0; i < 1_000; i++)
            store.Set(Key(i), Until(i, Hour), Describing(i, 40));
        _clock.AdjustTime(right.AddHours(2));
        store.Sweep(TimeSpan.Zero); // Time for a few of them only.
        Assert.Equal(0, store.Count);
        _clock.AdjustTime(right);
        Assert.Equal(ScanKeys(store).Count, store.Count);
        store.Sweep(TimeSpan.MaxValue);
        store.Set(Key(2_000), Until(2_000, Hour), Describing(2_000, 40));
        store.Remove(Key(999), At(2_001));
        Assert.Equal(ScanKeys(store).Count, store.Count);
        Assert.InRange(store.Count, 900, 999);

        _clock.Advance(TimeSpan.FromMilliseconds(Hour));
        Assert.Equal((0, ScanKeys(store).Count), (store.Count, 0));
        store.Sweep(TimeSpan.MaxValue);
        Assert.Equal((0, 0), (store.Count, store.ExpiredCount));
    }

    [Fact]
    public void Sweeping_a_store_that_spills_spares_an_entry_that_has_replaced_an_expired_one()
    {
        const int Keys = 20_000;
        using var directory = new TemporaryDirectory();
        using var store = NewStore(MiB, directory.Path);
        for (var i = 0; i < Keys; i++)
            store.Set(Key(i), Until(i, 1_000), Describing(i, 100));
        for (var i = 0; i < Keys; i += 2)
            store.Set(Key(i), At(Keys + i), Describing(Keys + i, 100));
        _clock.Advance(TimeSpan.FromSeconds(1));
        for (var round = 0; round < 3; round++)
        {
            store.Sweep(TimeSpan.MaxValue);
            Assert.Equal((Keys / 2, 0, Keys / 2), (store.Count, store.ExpiredCount, _removals.Expired));
        }

        for (var i = 0; i < Keys; i += 2)
            AssertStands(store, i, Keys + i, 100);
    }

    private void AssertAgrees(FasterStateStore store, Dictionary<int, (EntryMetadata Metadata, int Length)> model)
    {
        var live = model.Where(one => !one.Value.Metadata.Deadline.IsPast(NowMs)).Select(static one => (long)one.Key).ToHashSet();
        Assert.Equal(live.Count, store.Count);
        Assert.Equal(live, ScanKeys(store).Keys.ToHashSet());
    }

    private EntryMetadata Until(long offset, long timeToLiveMs) =>
        new(0, offset, NowMs, Deadline: Deadline.Of(NowMs, timeToLiveMs));

    private FasterStateStore NewStore(long budget = 64 * MiB, string? spill = null) =>
        new(new StoreSettings(budget, spill, 10_000, "store-tests") { Time = _clock, Removals = _removals });

    private sealed class SeenChanges : IEntryObserver
    {
        public List<string> Seen { get; } = [];

        public PreviousEntry? Previous => null;

        public void Applying(int partition, long offset)
        {
        }

        public void Writing(in EntryChange change)
        {
        }

        public void Written(in EntryChange change, bool happened) =>
            Seen.Add($"{(change.Removes ? "removed" : "set")} {change.Metadata.Offset} {change.IsOfLog}");
    }
}
