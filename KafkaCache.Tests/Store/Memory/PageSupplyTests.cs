using KafkaCaching.Store;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Memory;

public sealed class PageSupplyTests
{
    [Fact]
    public void A_store_filled_to_its_last_byte_stays_within_its_budget_while_pages_are_laid_out_ahead()
    {
        const long Budget = 32 * MiB;
        using var store = NewStore(Budget);
        var keys = 0;
        try
        {
            for (; ; keys++)
            {
                store.Set(Key(keys), At(keys), Describing(keys, 1_000));
                if ((keys & 255) == 0)
                    Assert.InRange(store.MemoryBytes, 0, Budget);
            }
        }
        catch (StoreFullException)
        {
            Assert.InRange(store.MemoryBytes, 0, Budget);
        }

        Assert.True(keys > 20_000, $"it took only {keys} entries");
        for (var key = 0; key < keys; key++)
            AssertStands(store, key, key, 1_000);
    }
}
