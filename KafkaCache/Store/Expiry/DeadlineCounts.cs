using System.Runtime.CompilerServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Expiry;

/// <summary>Counts the entries that have a deadline, by deadline, so that the exact number of expired entries is known at any time. The
/// writer counts them. Any thread may read the number.</summary>
internal sealed class DeadlineCounts(TimeProvider time)
{
    private readonly ScaleCounts?[] _scales = new ScaleCounts?[64];
    private volatile bool _any;

    /// <summary>Whether no entry has ever had a deadline.</summary>
    public bool IsEmpty => !_any;

    /// <summary>Counts an entry. Called by the writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(Deadline deadline)
    {
        _any = true;
        (_scales[deadline.Scale] ?? NewScale(deadline.Scale)).Add(deadline.Tick, 1);
    }

    /// <summary>Reverses a call of <see cref="Add"/>. Called by the writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Remove(Deadline deadline) => _scales[deadline.Scale]!.Add(deadline.Tick, -1);

    /// <summary>Called by the writer from time to time, so that <see cref="ExpiredAt"/> has only a few counts to sum up.</summary>
    public void PassTo(long nowMs)
    {
        foreach (var scale in _scales)
            scale?.PassTo(nowMs);
    }

    /// <summary>Returns the number of counted entries whose deadline has passed.</summary>
    public long ExpiredAt(long nowMs)
    {
        long expired = 0;
        for (var i = 0; i < _scales.Length; i++)
            expired += Volatile.Read(ref _scales[i])?.ExpiredAt(nowMs) ?? 0;
        return expired;
    }

    private ScaleCounts NewScale(int scale)
    {
        var counts = new ScaleCounts(scale, time.GetUtcNow().ToUnixTimeMilliseconds());
        Volatile.Write(ref _scales[scale], counts);
        return counts;
    }
}
