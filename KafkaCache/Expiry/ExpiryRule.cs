using System.Buffers.Text;

namespace KafkaCaching.Expiry;

/// <summary>Says until when a record is an entry. The answer depends on the record alone and not on a clock, so every cache gives the
/// same.</summary>
internal sealed class ExpiryRule(TimeSpan? timeToLive)
{
    /// <summary>The header of a record's own time to live, in milliseconds as decimal digits.</summary>
    public const string Header = "kafkacache-ttl";

    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Most = TimeSpan.FromDays(10_000);

    private readonly long _timeToLiveMs = timeToLive is { } time ? (long)time.TotalMilliseconds : 0;

    public static bool IsInRange(TimeSpan time) => time >= Least && time <= Most;

    public static byte[] Encode(TimeSpan time)
    {
        var digits = new byte[20];
        Utf8Formatter.TryFormat((long)time.TotalMilliseconds, digits, out var length);
        return digits[..length];
    }
}
