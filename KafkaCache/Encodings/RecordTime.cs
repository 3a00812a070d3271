namespace KafkaCaching.Encodings;

/// <summary>Converts a record's timestamp, in milliseconds since 1970, to a time. Producers may have written anything, for example
/// nanoseconds. A value outside the range of the calendar is not an error, but becomes the nearest valid time.</summary>
internal static class RecordTime
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static DateTimeOffset Of(long timestampMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(timestampMs, First, Last));
}
