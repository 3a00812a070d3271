using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KafkaCaching.Diagnostics;

/// <summary>Reads by result, exact, for a nanosecond or two each: every thread counts for itself, without a lock or an interlocked
/// instruction.</summary>
internal sealed class ReadCounts
{
    private readonly Lock _growing = new();
    private Lane[] _lanes = [];

    /// <summary>What has been counted so far, by all threads.</summary>
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
                // The lanes themselves stay: who counts meanwhile counts in the same ones.
                Array.Resize(ref lanes, number + 1);
                for (var i = _lanes.Length; i < lanes.Length; i++)
                    lanes[i] = new Lane();
                Volatile.Write(ref _lanes, lanes);
            }

            return lanes[number];
        }
    }

    // Two cache lines before what is written, and two behind: processors fetch them in pairs, and threads that count side by side, or read
    // what lies before, would slow each other down.
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
