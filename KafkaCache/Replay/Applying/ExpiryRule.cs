using System.Buffers.Text;
using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Applying;

/// <summary>Determines how long a record remains an entry. The result depends on the record alone and never on a clock, so it is the same
/// in all caches of a topic.</summary>
internal sealed class ExpiryRule(TimeSpan? timeToLive)
{
    /// <summary>The header of a record's own time to live, in milliseconds as decimal digits.</summary>
    public const string Header = "kafkacache-ttl";

    public static readonly TimeSpan Min = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Max = TimeSpan.FromDays(10_000);

    // Kafka's value for a missing timestamp. A record without a timestamp never expires.
    private const long NoTimestamp = -1;

    private readonly long _timeToLiveMs = timeToLive is { } time ? (long)time.TotalMilliseconds : 0;

    public static bool IsInRange(TimeSpan time) => time >= Min && time <= Max;

    /// <summary>Whether the content of the header is a time to live.</summary>
    public static bool IsTimeToLive(ReadOnlySpan<byte> digits) => TryRead(digits, out _);

    public static byte[] Encode(TimeSpan time)
    {
        var digits = new byte[20];
        Utf8Formatter.TryFormat((long)time.TotalMilliseconds, digits, out var length);
        return digits[..length];
    }

    /// <exception cref="RecordErrorException">The record's header is not a time to live.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Deadline DeadlineOf(in SourceRecord record)
    {
        if (record.TimestampMs == NoTimestamp)
            return default;
        if (record.Headers is { } headers && headers.TryGet(Header, out var digits))
            return Deadline.Of(record.TimestampMs, Parse(record, digits));
        return _timeToLiveMs == 0 ? default : Deadline.Of(record.TimestampMs, _timeToLiveMs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Parse(in SourceRecord record, ReadOnlySpan<byte> digits) => TryRead(digits, out var ms)
        ? ms
        : throw RecordErrors.At(
            record, RecordErrorReason.InvalidTimeToLive,
            $"Its header {Header} is not a number of milliseconds above 0, in decimal digits.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRead(ReadOnlySpan<byte> digits, out long ms) =>
        Utf8Parser.TryParse(digits, out ms, out var read) && read == digits.Length && ms > 0;
}
