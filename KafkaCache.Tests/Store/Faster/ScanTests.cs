using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Faster;

public sealed class ScanTests
{
    [Fact]
    public void Quiet_store_hands_out_each_key_once()
    {
        using var store = NewStore(budget: 16 * MiB);
        for (var i = 0; i < 60_000; i++) store.Set(Key(i % 20_000), At(i), Describing(i, 30 + i * 7 % 300));
        for (var key = 0; key < 20_000; key += 4) store.Remove(Key(key), At(1));
        var keys = ScanKeys(store);
        Assert.Equal(15_000, keys.Count);
        Assert.All(keys, pair => Assert.Equal(1, pair.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Key_present_throughout_comes_though_the_writer_churns(bool spill)
    {
        const int Keys = 4000;
        using var directory = new TemporaryDirectory();
        using var store = NewStore(budget: 4 * MiB, spill ? directory.Path : null, Keys);
        for (var key = 0; key < Keys; key++) store.Set(Key(key), At(key), Describing(key, 200));
        using var stop = new CancellationTokenSource();
        var churn = new Thread(() =>
        {
            var random = new Random(3);
            for (var offset = (long)Keys; !stop.IsCancellationRequested; offset++)
            {
                store.Set(Key(random.Next(Keys)), At(offset), Describing(offset, random.Next(20, 500)));
                var passing = Key(Keys + random.Next(500));
                if (offset % 2 == 0)
                    store.Set(passing, At(offset), Describing(offset, random.Next(20, 500)));
                else
                    store.Remove(passing, At(offset));
            }
        });
        churn.Start();
        try
        {
            for (var round = 0; round < (spill ? 5 : 30); round++)
            {
                var keys = ScanKeys(store);
                Assert.Equal(Keys, keys.Keys.Count(key => key < Keys));
            }
        }
        finally
        {
            stop.Cancel();
            churn.Join();
        }
    }

    [Fact]
    public void Slow_scan_misses_nothing_though_all_pages_are_freed_under_it()
    {
        const int Keys = 2000;
        using var store = NewStore(budget: 2 * MiB, expected: Keys);
        for (var key = 0; key < Keys; key++) store.Set(Key(key), At(key), Describing(key, 200));
        var seen = new Dictionary<long, long>();
        var offset = (long)Keys;
        var handedOut = 0;
        using var scan = store.Scan();
        while (scan.MoveNext())
        {
            var key = KeyNumber(scan.Key);
            Assert.True(scan.Metadata.Offset >= seen.GetValueOrDefault(key), "a later one is older");
            seen[key] = scan.Metadata.Offset;
            // During the first half of the scan, the writes wrap the log about ten times.
            if (++handedOut > Keys / 2)
                continue;
            for (var i = 0; i < 60; i++) store.Set(Key(offset % Keys), At(++offset), Describing(offset, (int)(offset * 31 % 400)));
        }

        Assert.Equal(Keys, seen.Count);
    }
}
