using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Entries;

/// <summary>Entries of tens of megabytes, with options that allow them.</summary>
public sealed class LargeEntriesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Large_entries_grow_and_shrink_and_go_and_come_back(bool spills)
    {
        using var directory = new TemporaryDirectory();
        using var store = NewStore(budget: 256 * MiB, spill: spills ? directory.Path : null, maxEntry: 32 * MiB);
        var largest = store.MaxEntryBytes - 12;
        int[] lengths = [20 << 20, 9 << 20, largest, 100, (8 << 20) - 1, 8 << 20, (16 << 20) + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            store.Set(Key(1), At(i), Describing(i, lengths[i]));
            store.Set(Key(i + 10), At(i), Describing(i, 50));
            AssertStands(store, 1, i, lengths[i]);
        }

        Assert.Equal(1 + lengths.Length, store.Count);
        Assert.Equal(1 + lengths.Length, ScanKeys(store).Count);
        store.Remove(Key(1), At(100));
        AssertAbsent(store, 1);
        store.Set(Key(1), At(101), Describing(101, largest));
        AssertStands(store, 1, 101, largest);
        AssertStands(store, 10, 0, 50);
    }

    [Fact]
    public void Round_after_round_fits_the_budget_by_copying_forward()
    {
        using var store = NewStore(budget: 256 * MiB, maxEntry: 32 * MiB);
        for (var round = 0; round < 60; round++)
        {
            // Each value is larger than the last, so none is overwritten in place. Three entries are live.
            store.Set(Key(round % 3), At(round), Describing(round, (10 << 20) + (round << 16)));
            AssertStands(store, round % 3, round, (10 << 20) + (round << 16));
        }

        Assert.True(store.CopyForwardBytes > 0);
        Assert.InRange(store.MemoryBytes, 1, 256 * MiB);
        Assert.Equal(3, ScanKeys(store).Count);
    }

    [Fact]
    public void Limit_is_what_the_options_say_and_not_what_a_page_holds()
    {
        using var store = NewStore(budget: 256 * MiB, maxEntry: 20 * MiB);
        store.Set(Key(1), At(1), new byte[store.MaxEntryBytes - 12]);
        var tooLarge = Assert.Throws<EntryTooLargeException>(() => store.Set(Key(1), At(2), new byte[store.MaxEntryBytes - 11]));
        Assert.Contains("Store.MaxEntryBytes", tooLarge.Message, StringComparison.Ordinal);
        Assert.Equal(20 * MiB, store.MaxEntryBytes + EntryLayout.MaxOverheadBytes);
    }

    [Fact]
    public void Spent_budget_is_reported_before_a_large_entry_is_lost()
    {
        using var store = NewStore(budget: 256 * MiB, maxEntry: 32 * MiB);
        var stored = 0;
        Assert.Throws<StoreFullException>(() =>
        {
            while (stored < 100)
            {
                store.Set(Key(stored), At(stored), Describing(stored, 20 << 20));
                stored++;
            }
        });
        Assert.InRange(stored, 4, 12);
        for (var i = 0; i < stored; i++)
            AssertStands(store, i, i, 20 << 20);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Entries_of_256_MiB_fit_a_budget_of_2_GiB()
    {
        using var store = NewStore(budget: 2048 * MiB, maxEntry: 256 * MiB);
        var largest = store.MaxEntryBytes - 12;
        for (var i = 0; i < 6; i++)
        {
            store.Set(Key(i % 2), At(i), Describing(i, largest - i));
            AssertStands(store, i % 2, i, largest - i);
        }

        Assert.Equal(2, ScanKeys(store).Count);
        Assert.InRange(store.MemoryBytes, 1, 2048 * MiB);
    }
}
