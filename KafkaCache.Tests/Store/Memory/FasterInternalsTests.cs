using FASTER.core;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Memory;

namespace KafkaCaching.Tests.Store.Memory;

public sealed class FasterInternalsTests
{
    /// <summary>A store works without these internals of FASTER, but replays more slowly. This test fails if an update of FASTER renames
    /// them.</summary>
    [Fact]
    public void The_referenced_FASTER_has_its_index_and_its_page_pool_where_they_are_looked_for()
    {
        using var faster = NewFaster();
        Assert.NotNull(FasterInternals.PoolOf(faster));
        var index = Assert.IsType<Array>(FasterInternals.IndexOf(faster), exactMatch: false);
        Assert.True(index.Length >= faster.IndexSize, $"{index.Length} buckets of {faster.IndexSize}");
    }

    [Fact]
    public void A_page_put_into_the_pool_is_the_next_that_FASTER_takes()
    {
        using var faster = NewFaster();
        var pool = FasterInternals.PoolOf(faster)!;
        var page = GC.AllocateArray<byte>((64 << 10) + 1024, pinned: true);
        long start;
        unsafe
        {
            fixed (byte* first = page)
                start = ((long)first + 511) & ~511L;
        }

        Assert.True(pool.TryAdd(page, start));
        Assert.Equal(1, pool.Count);
        Fill(faster, bytes: 3 * (64 << 10));
        Assert.Equal(0, pool.Count);
        Assert.True(page.AsSpan().ContainsAnyExcept((byte)0), "nothing was written to the page");
    }

    private static FasterKV<SpanByte, SpanByte> NewFaster() => new(new FasterKVSettings<SpanByte, SpanByte>
    {
        IndexSize = 1 << 16,
        LogDevice = new NullDevice(),
        PageSize = 64 << 10,
        MemorySize = 1 << 20,
        MutableFraction = 1.0,
    });

    private static unsafe void Fill(FasterKV<SpanByte, SpanByte> faster, int bytes)
    {
        using var session = faster.For(new SpanByteFunctions<Empty>()).NewSession<SpanByteFunctions<Empty>>();
        var value = new byte[1000];
        value.AsSpan().Fill(7);
        for (long number = 0; number * value.Length < bytes; number++)
        {
            fixed (byte* first = value)
            {
                var key = SpanByte.FromPointer((byte*)&number, sizeof(long));
                var span = SpanByte.FromPointer(first, value.Length);
                session.Upsert(ref key, ref span);
            }
        }
    }
}
