using Confluent.Kafka;
using KafkaCaching.Puts;

namespace KafkaCaching;

/// <summary>How a record is written and what its put waits for. Immutable; one instance may be used for any number of puts.</summary>
public sealed record PutOptions
{
    internal static PutOptions Acknowledged { get; } = new();

    internal static PutOptions Applied { get; } = new() { Wait = PutWait.Applied };

    /// <summary>What to wait for. Default: <see cref="PutWait.Acknowledged"/>.</summary>
    public PutWait Wait { get; init; }

    /// <summary>The headers of the record, in order; <see langword="null"/>, the default, means none. They are copied when the put is made.
    /// A resolver and <c>ValidateRecord</c> see them; the store does not keep them. While the put is traced, <c>traceparent</c> and
    /// <c>tracestate</c> are appended (W3C Trace Context), unless the headers already contain a <c>traceparent</c>.</summary>
    public Headers? Headers { get; init; }

    /// <summary>For puts that are handed over later, when the caller may have changed its headers.</summary>
    internal PutOptions WithOwnHeaders() => Headers is null ? this : this with { Headers = RecordHeaders.Copy(Headers) };

    internal static PutOptions Of(PutWait wait) => wait == PutWait.Applied ? Applied : Acknowledged;
}
