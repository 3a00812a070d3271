using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KafkaCaching.Diagnostics;

/// <summary>Counts reads by result. The counts are exact and cost one or two nanoseconds per read, because every thread has its own counts
/// and needs neither a lock nor an interlocked instruction.</summary>
internal sealed class ReadCounts
{
    private readonly Lock _growing = new();
    private Lane[] _lanes = [];

    /// <summary>The counts of all threads so far.</summary>
    public ReadTotals Totals
    {
        get
        {
            var totals = default(ReadTotals);
            foreach (var lane in Volatile.Read(ref _lanes))
                totals = new ReadTotals(
                    totals.Hits + Volatile.Read(ref lane.Hits), totals.Misses + Volatile.Read(ref lane.Misses),
                    totals.Refused + Volatile.Read(ref lane.Refused));
            return totals;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(bool hit)
    {
        var lane = OfThisThread();
        if (hit)
            lane.Hits++;
        else
            lane.Misses++;
    }

    public void CountRefused() => OfThisThread().Refused++;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lane OfThisThread()
    {
        var number = ReadLane.Current;
        var lanes = _lanes;
        return (uint)number < (uint)lanes.Length ? lanes[number] : Grow();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lane Grow()
    {
        var number = ReadLane.Take();
        lock (_growing)
        {
            var lanes = _lanes;
            if (number >= lanes.Length)
            {
                // The new array contains the same lanes, so a thread that counts during the copy still uses its own lane.
                Array.Resize(ref lanes, number + 1);
                for (var i = _lanes.Length; i < lanes.Length; i++)
                    lanes[i] = new Lane();
                Volatile.Write(ref _lanes, lanes);
            }

            return lanes[number];
        }
    }

    // The fields are preceded by two cache lines of padding, and padded to two cache lines themselves. Processors fetch cache lines in
    // pairs, so without this padding, threads that count at the same time, or that access the memory before the fields, would slow each
    // other down.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private sealed class Lane
    {
        [FieldOffset(128)]
        public long Hits;

        [FieldOffset(136)]
        public long Misses;

        [FieldOffset(144)]
        public long Refused;
    }
}
