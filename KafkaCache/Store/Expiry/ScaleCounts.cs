using System.Runtime.CompilerServices;

namespace KafkaCaching.Store.Expiry;

/// <summary>Counts the deadlines of one <see cref="Entries.Deadline.Scale"/>, by tick. A tick lasts 2 to the power of the scale, in
/// milliseconds. All ticks that have passed share one total. The ticks that are fewer than <see cref="Ticks"/> ahead have their counts in a
/// ring buffer; the deadlines of new entries are among them. Later ticks, which occur only for records with timestamps in the future, are
/// counted in a dictionary.</summary>
/// <remarks>When ticks pass, the writer adds their counts in the ring buffer to the total. A reader that sums up at the same time might
/// count them twice or not at all. Therefore, <see cref="_version"/> is a sequence lock: the reader begins again if it has
/// changed.</remarks>
internal sealed class ScaleCounts(int scale, long nowMs)
{
    // This is twice the number of ticks of a scale's longest time to live.
    private const int Ticks = 4096;

    private readonly int[] _ring = new int[Ticks];
    private readonly Dictionary<long, int> _ahead = [];
    private long _passed = nowMs >> scale;
    private long _past;
    private int _version;

    /// <summary>Adds a number, which may be negative, to the count of deadlines in a tick. Called by the writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(long tick, int count)
    {
        if (tick <= _passed)
            Volatile.Write(ref _past, _past + count);
        else if (tick - _passed < Ticks)
            Volatile.Write(ref _ring[tick & (Ticks - 1)], _ring[tick & (Ticks - 1)] + count);
        else
            AddAhead(tick, count);
    }

    /// <summary>Adds the counts of the ticks that have passed to the total. Called by the writer only.</summary>
    public void PassTo(long nowMs)
    {
        var to = nowMs >> scale;
        if (to <= _passed)
            return;
        Volatile.Write(ref _version, _version + 1);
        Volatile.WriteBarrier();
        for (var tick = _passed + 1; tick <= Math.Min(to, _passed + Ticks - 1); tick++)
        {
            _past += _ring[tick & (Ticks - 1)];
            _ring[tick & (Ticks - 1)] = 0;
        }

        _passed = to;
        TakeFromAhead();
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

    private long Sum(long to)
    {
        var passed = Volatile.Read(ref _passed);
        var sum = Volatile.Read(ref _past);
        for (var tick = passed + 1; tick <= Math.Min(to, passed + Ticks - 1); tick++)
            sum += Volatile.Read(ref _ring[tick & (Ticks - 1)]);
        if (to - passed >= Ticks)
            sum += SumAhead(to);
        return sum;
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
