using System.Numerics;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Store.Entries;

/// <summary>When an entry expires, in 8 bytes: <c>[Unix milliseconds 48][scale 8][unused 8]</c>. 0 means never.</summary>
/// <remarks>A deadline is a multiple of 2 to the power of its scale, which is at most a 1024th of the time to live. The deadlines of
/// entries with similar times to live therefore fall on a few thousand distinct moments, so expired entries can be counted without memory
/// for each entry.</remarks>
internal readonly record struct Deadline(long Word)
{
    /// <summary>The number of bits of a time to live that are kept.</summary>
    public const int PrecisionBits = 10;

    private const int MsShift = 16;
    private const int ScaleShift = 8;
    private const long LatestMs = (1L << 47) - 1;
    private const int MaxScale = 47 - PrecisionBits;

    public bool IsNone => Word == 0;

    /// <summary>Whether this is a value that <see cref="Of"/> can return.</summary>
    public bool IsPossible => (byte)Word == 0 && Ms <= LatestMs && Scale <= MaxScale && (Ms & ((1L << Scale) - 1)) == 0;

    /// <summary>The deadline in Unix milliseconds. From this moment on, the entry has expired.</summary>
    public long Ms => Word >>> MsShift;

    public int Scale => (byte)(Word >>> ScaleShift);

    /// <summary>The deadline, counted in units of its scale.</summary>
    public long Tick => Ms >> Scale;

    /// <summary>Computes the deadline of a record. It is never later than the record's timestamp plus its time to live, and at most a
    /// 1024th of the time to live earlier.</summary>
    /// <param name="timestampMs">The timestamp, in Unix milliseconds.</param>
    /// <param name="timeToLiveMs">The time to live, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Deadline Of(long timestampMs, long timeToLiveMs)
    {
        timeToLiveMs = Math.Min(timeToLiveMs, LatestMs);
        var scale = Math.Max(0, BitOperations.Log2((ulong)timeToLiveMs) - PrecisionBits);
        var exact = Math.Clamp(timestampMs, 0, LatestMs - timeToLiveMs) + timeToLiveMs;
        var ms = Math.Max(1, exact >> scale) << scale;
        return new((ms << MsShift) | ((long)scale << ScaleShift));
    }

    public bool IsPast(long nowMs) => Word != 0 && Ms <= nowMs;

    /// <summary>Whether the deadline has passed. The clock is read only if there is a deadline.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsPast(TimeProvider time) => Word != 0 && IsPast(time.GetUtcNow().ToUnixTimeMilliseconds());
}
