namespace KafkaCaching.Encodings;

/// <summary>A record's timestamp, in milliseconds since 1970, as a time. Producers write what they like there (nanoseconds, say): what no
/// calendar holds becomes the nearest time that one does, rather than an error.</summary>
internal static class RecordTime
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static DateTimeOffset Of(long timestampMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(timestampMs, First, Last));
}
