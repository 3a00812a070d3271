using System.Globalization;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>The counts of the pods of one process.</summary>
/// <param name="Reads">Reads that waited for the last acknowledged invalidation of their key, and were checked against it.</param>
/// <param name="Stale">Reads that returned a value older than the last acknowledged invalidation of their key.</param>
/// <param name="Acknowledged">Invalidations that were acknowledged.</param>
/// <param name="Failed">Invalidations that threw. Reads are not checked against them.</param>
/// <param name="Unchecked">Reads whose wait for a position failed, because the brokers were unavailable.</param>
internal readonly record struct FireCounts(long Reads, long Stale, long Acknowledged, long Failed, long Unchecked)
{
    public long Operations => Reads + Acknowledged + Failed + Unchecked;

    public static FireCounts operator +(FireCounts one, FireCounts other) => new(
        one.Reads + other.Reads, one.Stale + other.Stale, one.Acknowledged + other.Acknowledged, one.Failed + other.Failed,
        one.Unchecked + other.Unchecked);

    public static FireCounts Parse(string line)
    {
        var numbers = Array.ConvertAll(line.Split(' '), static text => long.Parse(text, CultureInfo.InvariantCulture));
        return new FireCounts(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Reads} {Stale} {Acknowledged} {Failed} {Unchecked}");
}
