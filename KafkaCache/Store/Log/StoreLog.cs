using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Memory;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store.Log;

/// <summary>FASTER with the log and the index that a store needs.</summary>
internal static class StoreLog
{
    public static FasterKV<SpanByte, SpanByte> Open(StoreGeometry geometry, SpillFile? spill)
    {
        var faster = new FasterKV<SpanByte, SpanByte>(new FasterKVSettings<SpanByte, SpanByte>
        {
            IndexSize = geometry.IndexBytes,
            ConcurrencyControlMode = ConcurrencyControlMode.None,
            EqualityComparer = new KeyComparer(),
            LogDevice = spill is null ? new NullDevice() : spill,
            PageSize = geometry.PageBytes,
            SegmentSize = 1L << 60,
            MemorySize = geometry.BufferPages << geometry.PageBits,
            // In memory, everything can be written in place. A log that spills needs read-only pages, which are being written to the file.
            MutableFraction = spill is null ? 1.0 : 0.75,
        });
        faster.Log.EmptyPageCount = (int)(geometry.BufferPages - geometry.LogPages);
        return faster;
    }
}
