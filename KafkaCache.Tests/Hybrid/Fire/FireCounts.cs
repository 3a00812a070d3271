using System.Globalization;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>What the pods of one process have done.</summary>
/// <param name="Reads">Reads that waited for the last acknowledged invalidation of their key, and were held against it.</param>
/// <param name="Stale">Those that were older.</param>
/// <param name="Acknowledged">Invalidations that were acknowledged.</param>
/// <param name="Failed">Invalidations that threw, so that nobody relies on them.</param>
/// <param name="Unchecked">Reads whose wait for a position ended without it, because the brokers were away.</param>
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
