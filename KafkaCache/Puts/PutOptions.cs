using Confluent.Kafka;
using KafkaCaching.Puts;
using KafkaCaching.Replay.Applying;

namespace KafkaCaching;

/// <summary>How a record is written and what its put waits for. Instances are immutable; one instance may be used for any number of
/// puts.</summary>
public sealed record PutOptions
{
    internal static PutOptions Acknowledged { get; } = new();

    internal static PutOptions Applied { get; } = new() { Wait = PutWait.Applied };

    /// <summary>What to wait for. Default: <see cref="PutWait.Acknowledged"/>.</summary>
    public PutWait Wait { get; init; }

    /// <summary>The headers of the record, in order; <see langword="null"/>, the default, means none. They are copied when the put is made.
    /// A resolver and <c>ValidateRecord</c> see them; the store keeps those that the option <c>KeepHeaders</c> names. While the put is
    /// traced, <c>traceparent</c> and <c>tracestate</c> are appended (W3C Trace Context), unless the headers already contain a
    /// <c>traceparent</c>.</summary>
    public Headers? Headers { get; init; }

    /// <summary>How long the record remains an entry, counted from its own timestamp. After that, reads find nothing under the key. The
    /// time is written in milliseconds as the header <c>kafkacache-ttl</c>. Every cache of the topic obeys this header, and it overrides
    /// the option <c>TimeToLive</c>. A removal ignores the time. Range: 1 second to 10,000 days. Default: <see langword="null"/>, which
    /// means that the caches' options decide. The cache needs the option <c>TimeToLive</c> or <c>ExpireByHeader</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of the range.</exception>
    public TimeSpan? TimeToLive
    {
        get;
        init => field = value is not { } time || ExpiryRule.IsInRange(time)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "TimeToLive must be from 1 second to 10,000 days.");
    }

    /// <summary>Returns the same options with a copy of the headers, for puts that are sent later, when the caller may have changed its
    /// headers.</summary>
    internal PutOptions WithOwnHeaders() => Headers is null ? this : this with { Headers = RecordHeaders.Copy(Headers) };

    internal static PutOptions Of(PutWait wait) => wait == PutWait.Applied ? Applied : Acknowledged;
}
