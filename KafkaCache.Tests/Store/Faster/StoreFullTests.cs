using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Faster;

public sealed class StoreFullTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 40)]
    [InlineData(300, 300)]
    [InlineData(0, 60_000)]
    [InlineData(65_478, 65_478)]
    public void Every_accepted_key_is_read_right_at_refusal(int shortest, int longest)
    {
        using var store = NewStore(budget: MiB, expected: 2000);
        var sizes = new Random(1);
        var lengths = new List<int>();
        void FillUp()
        {
            while (lengths.Count < 1_000_000)
            {
                var length = Math.Min(sizes.Next(shortest, longest + 1), store.MaxEntryBytes - 12);
                store.Set(Key(lengths.Count), At(lengths.Count), Describing(lengths.Count, length));
                lengths.Add(length);
            }
        }

        var refusal = Assert.Throws<StoreFullException>(FillUp);

        Assert.Contains("Store.MemoryBudget (now 1,048,576 bytes)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Store.SpillDirectory", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(lengths.Count, store.Count);
        Assert.InRange(store.MemoryBytes, MiB / 2, MiB + (256 << 10));
        for (var key = 0; key < lengths.Count; key++) AssertStands(store, key, key, lengths[key]);
        AssertAbsent(store, lengths.Count);
        Assert.Equal(lengths.Count, ScanKeys(store).Count);
    }

    [Fact]
    public void Full_store_still_updates_in_place_and_deletes_and_takes_entries_again()
    {
        using var store = NewStore(budget: MiB, expected: 2000);
        var keys = Fill(store, 200);
        for (var key = 0; key < keys; key++) Assert.Equal(
            WriteResult.WasPresent, store.Set(Key(key), At(key + keys), Describing(key + keys, 200)));
        Assert.Throws<StoreFullException>(() => store.Set(Key(-1), At(1), new byte[200]));
        for (var key = 0; key < keys; key++) AssertStands(store, key, key + keys, 200);

        for (var key = 0; key < keys; key += 2) Assert.Equal(WriteResult.WasPresent, store.Remove(Key(key), At(1)));
        var added = Fill(store, 200, first: keys);
        Assert.InRange(added, keys / 3, keys);
        for (var key = 1; key < keys; key += 2) AssertStands(store, key, key + keys, 200);
        for (var key = keys; key < keys + added; key++) AssertStands(store, key, key, 200);
        Assert.Equal(keys / 2 + added, store.Count);
        Assert.Equal(store.Count, ScanKeys(store).Count);
    }

    [Fact]
    public void Entry_over_a_page_is_refused_and_the_largest_is_taken()
    {
        using var store = NewStore(budget: MiB);
        store.Set(Key(1), At(1), Describing(1, 10));
        var largest = store.MaxEntryBytes - 12;
        Assert.Throws<EntryTooLargeException>(() => store.Set(Key(1), At(2), new byte[largest + 1]));
        AssertStands(store, 1, 1, 10);
        store.Set(Key(1), At(3), Describing(3, largest));
        store.Set(Key(2), At(4), Describing(4, largest));
        AssertStands(store, 1, 3, largest);
        AssertStands(store, 2, 4, largest);
        Assert.Equal(2, store.Count);
        Assert.Equal(2, ScanKeys(store).Count);
    }

    private static int Fill(FasterStateStore store, int length, int first = 0)
    {
        for (var key = first; key < first + 1_000_000; key++)
        {
            try
            {
                store.Set(Key(key), At(key), Describing(key, length));
            }
            catch (StoreFullException)
            {
                return key - first;
            }
        }

        throw new InvalidOperationException("The store took more than it can hold.");
    }
}
