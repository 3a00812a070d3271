using System.Runtime.CompilerServices;

namespace KafkaCaching.Store.Expiry;

/// <summary>Counts the deadlines of one <see cref="Entries.Deadline.Scale"/>, by tick. A tick lasts 2 to the power of the scale, in
/// milliseconds. All ticks that have passed share one total. The ticks that are fewer than <see cref="Ticks"/> ahead have their counts in a
/// ring buffer; the deadlines of new entries are among them. Later ticks, which occur only for records with timestamps in the future, are
/// counted in a dictionary.</summary>
/// <remarks>When ticks pass, the writer adds their counts in the ring buffer to the total. A reader that sums up at the same time might
/// count them twice or not at all. Therefore, <see cref="_version"/> is a sequence lock: the reader begins again if it has changed. The
/// ring buffer also keeps the counts of the last <see cref="Ticks"/> that have passed, so that they are subtracted from the total when a
/// clock that was ahead is set back.</remarks>
internal sealed class ScaleCounts(int scale, long nowMs)
{
    // This is twice the number of ticks of a scale's longest time to live.
    private const int Ticks = 4096;

    private readonly int[] _ring = new int[2 * Ticks];
    private readonly Dictionary<long, int> _ahead = [];
    private long _passed = nowMs >> scale;
    private long _past;
    private int _version;

    /// <summary>Adds a number, which may be negative, to the count of deadlines in a tick. Called by the writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(long tick, int count)
    {
        if (tick - _passed >= Ticks)
        {
            AddAhead(tick, count);
            return;
        }

        if (tick >= _passed - Ticks)
            Volatile.Write(ref InRing(tick), InRing(tick) + count);
        if (tick <= _passed)
            Volatile.Write(ref _past, _past + count);
    }

    /// <summary>Adds the counts of the ticks that have passed to the total, or subtracts them if the clock has been set back. Called by the
    /// writer only.</summary>
    public void PassTo(long nowMs)
    {
        var to = nowMs >> scale;
        if (to == _passed)
            return;
        Volatile.Write(ref _version, _version + 1);
        Volatile.WriteBarrier();
        if (to > _passed)
            GoAhead(to);
        else
            GoBack(to);
        Volatile.Write(ref _version, _version + 1);
    }

    /// <summary>Returns the number of counted deadlines that have passed. Safe to call from any thread.</summary>
    public long ExpiredAt(long nowMs)
    {
        var to = nowMs >> scale;
        var spin = default(SpinWait);
        while (true)
        {
            var version = Volatile.Read(ref _version);
            var sum = (version & 1) == 0 ? Sum(to) : 0;
            Volatile.ReadBarrier();
            if ((version & 1) == 0 && version == Volatile.Read(ref _version))
                return sum;
            spin.SpinOnce();
        }
    }

    private ref int InRing(long tick) => ref _ring[tick & (_ring.Length - 1)];

    private long SumOfRing(long first, long last)
    {
        long sum = 0;
        for (var tick = first; tick <= last; tick++)
            sum += Volatile.Read(ref InRing(tick));
        return sum;
    }

    private long Sum(long to)
    {
        var passed = Volatile.Read(ref _passed);
        var past = Volatile.Read(ref _past);
        if (to < passed)
            return past - SumOfRing(Math.Max(to + 1, passed - Ticks), passed);
        var sum = past + SumOfRing(passed + 1, Math.Min(to, passed + Ticks - 1));
        return to - passed >= Ticks ? sum + SumAhead(to) : sum;
    }

    private long SumAhead(long to)
    {
        lock (_ahead)
        {
            long sum = 0;
            foreach (var (tick, count) in _ahead)
                sum += tick <= to ? count : 0;
            return sum;
        }
    }

    private void AddAhead(long tick, int count)
    {
        lock (_ahead)
        {
            var sum = _ahead.GetValueOrDefault(tick) + count;
            if (sum == 0)
                _ahead.Remove(tick);
            else
                _ahead[tick] = sum;
        }
    }

    // Called while the version is odd, so readers wait until this is done.
    private void GoAhead(long to)
    {
        _past += SumOfRing(_passed + 1, Math.Min(to, _passed + Ticks - 1));
        // The places of the oldest ticks are needed for later ones.
        var first = Math.Max(_passed, to - _ring.Length) + Ticks;
        for (var tick = first; tick < to + Ticks; tick++)
            InRing(tick) = 0;
        _passed = to;
        TakeFromAhead();
    }

    // Called while the version is odd. Ticks that passed so long ago that they are not in the ring buffer remain in the total.
    private void GoBack(long to)
    {
        _past -= SumOfRing(Math.Max(to + 1, _passed - Ticks), _passed);
        for (var tick = Math.Max(to + Ticks, _passed - Ticks); tick < _passed + Ticks; tick++)
        {
            if (InRing(tick) != 0)
                AddAhead(tick, InRing(tick));
            InRing(tick) = 0;
        }

        _passed = to;
    }

    private void TakeFromAhead()
    {
        if (_ahead.Count == 0)
            return;
        lock (_ahead)
        {
            foreach (var (tick, count) in _ahead)
            {
                if (tick - _passed >= Ticks)
                    continue;
                _ahead.Remove(tick);
                Add(tick, count);
            }
        }
    }
}
