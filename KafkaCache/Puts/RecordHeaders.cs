using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Puts;

/// <summary>The headers of a put's record: those that the caller passed, and the trace context in the W3C format. Baggage is left out, and
/// so is trace state beyond the length that W3C Trace Context requires to be propagated. Their content may come from the sender of an
/// incoming request, and a compacted topic would keep it for years.</summary>
internal static class RecordHeaders
{
    private const string Parent = "traceparent";

    public static Headers Copy(Headers given)
    {
        Headers copy = [];
        foreach (var header in given)
            copy.Add(header.Key, header.GetValueBytes());
        return copy;
    }

    /// <summary>Returns the number of bytes in the headers' names and values.</summary>
    public static long BytesOf(Headers headers)
    {
        long bytes = 0;
        foreach (var header in headers)
            bytes += Encoding.UTF8.GetByteCount(header.Key) + (header.GetValueBytes()?.Length ?? 0);
        return bytes;
    }

    /// <summary>Returns the number of bytes that an entry needs for the headers that it keeps.</summary>
    public static long KeptBytesOf(Headers? headers, IReadOnlyList<string> kept)
    {
        if (headers is null)
            return 0;
        long bytes = 0;
        for (var i = 0; i < kept.Count; i++)
        {
            if (headers.TryGetLastBytes(kept[i], out var value))
                bytes += PackedHeaders.BytesOf(Encoding.UTF8.GetByteCount(kept[i]), value?.Length ?? 0);
        }

        return bytes;
    }

    /// <summary>Returns a copy of the caller's headers, plus the time-to-live and trace-context headers if they apply;
    /// <see langword="null"/> if there are no headers.</summary>
    public static Headers? Of(PutOptions options, Activity? span)
    {
        var given = options.Headers;
        var isTraced = span is { IdFormat: ActivityIdFormat.W3C, Id: not null } && given?.TryGetLastBytes(Parent, out _) != true;
        if (given is null && options.TimeToLive is null && !isTraced)
            return null;
        var headers = given is null ? [] : Copy(given);
        if (options.TimeToLive is { } timeToLive)
            headers.Add(ExpiryRule.Header, ExpiryRule.Encode(timeToLive));
        if (isTraced)
            Add(headers, span!);
        return headers;
    }

    private static void Add(Headers headers, Activity span)
    {
        headers.Add(Parent, Encoding.ASCII.GetBytes(span.Id!));
        if (span.TraceStateString is { Length: > 0 and <= CacheTracing.MaxTraceStateLength } state)
            headers.Add("tracestate", Encoding.ASCII.GetBytes(state));
    }
}
