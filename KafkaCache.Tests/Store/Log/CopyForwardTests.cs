using KafkaCaching.Store.Entries;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Log;

public sealed class CopyForwardTests
{
    [Fact]
    public void Churn_of_changing_sizes_stays_flat_and_right()
    {
        const int Keys = 20_000;
        using var store = NewStore(budget: 16 * MiB, expected: Keys);
        var random = new Random(7);
        var stands = new (long Offset, int Length)[Keys];
        var offset = 0L;
        var peak = 0L;
        for (var round = 0; round < 20; round++)
        {
            for (var key = 0; key < Keys; key++)
            {
                stands[key] = (++offset, random.Next(50, 350));
                store.Set(Key(key), At(offset), Describing(offset, stands[key].Length));
            }

            peak = Math.Max(peak, store.MemoryBytes);
        }

        Assert.InRange(peak, 1, 16 * MiB);
        Assert.Equal(Keys, store.Count);
        for (var key = 0; key < Keys; key++) AssertStands(store, key, stands[key].Offset, stands[key].Length);
        Assert.Equal(Keys, ScanKeys(store).Count);
    }

    [Fact]
    public void New_keys_take_the_place_of_deleted_ones_round_after_round()
    {
        const int Window = 20_000;
        using var store = NewStore(budget: 16 * MiB, expected: Window);
        for (var key = 0; key < Window * 20; key++)
        {
            store.Set(Key(key), At(key), Describing(key, 200));
            if (key >= Window)
                Assert.Equal(WriteResult.WasPresent, store.Remove(Key(key - Window), At(key)));
        }

        Assert.Equal(Window, store.Count);
        for (var key = Window * 19; key < Window * 20; key++) AssertStands(store, key, key, 200);
        for (var key = 0; key < Window * 19; key += 17) AssertAbsent(store, key);
        Assert.Equal(Window, ScanKeys(store).Count);
        Assert.InRange(store.MemoryBytes, 1, 16 * MiB);
    }

    [Fact]
    public void Old_keys_that_never_change_survive_the_churn_of_others()
    {
        const int Still = 20_000;
        using var store = NewStore(budget: 16 * MiB, expected: Still * 2);
        for (var key = 0; key < Still; key++) store.Set(Key(key), At(key), Describing(key, 300));
        var offset = (long)Still;
        for (var i = 0; i < 300_000; i++)
        {
            var key = Still + i % 200;
            store.Set(Key(key), At(++offset), Describing(offset, 100 + i % 1000));
            if (i % 3 == 0)
                store.Remove(Key(key), At(offset));
        }

        for (var key = 0; key < Still; key++) AssertStands(store, key, key, 300);
        Assert.InRange(store.MemoryBytes, 1, 16 * MiB);
    }

    [Fact]
    public void No_single_write_pays_for_a_whole_round()
    {
        const int Keys = 30_000;
        using var store = NewStore(budget: 16 * MiB, expected: Keys);
        for (var key = 0; key < Keys; key++) store.Set(Key(key), At(key), Describing(key, 200));
        var most = 0L;
        for (var i = 0; i < 200_000; i++)
        {
            var key = Keys + i;
            var before = store.CopyForwardBytes;
            store.Set(Key(key), At(key), Describing(key, 200));
            most = Math.Max(most, store.CopyForwardBytes - before);
            store.Remove(Key(key), At(key));
        }

        Assert.True(store.CopyForwardBytes > 32 * MiB, "the log did not go round");
        Assert.InRange(most, 1, 64 << 10);
    }
}
