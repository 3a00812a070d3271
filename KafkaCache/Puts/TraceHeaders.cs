using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Puts;

/// <summary>The trace context of a put as headers of its record, in the W3C format. It includes neither baggage nor trace state beyond the
/// length that W3C requires to be passed on. The sender of the request may have chosen these, and a compacted topic keeps them for
/// years.</summary>
internal static class TraceHeaders
{
    private const string Parent = "traceparent";

    /// <summary>A copy of the given headers, with the headers of the trace context.</summary>
    public static Headers? With(Headers? given, Activity? span)
    {
        var isTraced = span is { IdFormat: ActivityIdFormat.W3C, Id: not null } && given?.TryGetLastBytes(Parent, out _) != true;
        if (given is null && !isTraced)
            return null;
        Headers headers = [];
        foreach (var header in given ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        if (isTraced)
            Add(headers, span!);
        return headers;
    }

    private static void Add(Headers headers, Activity span)
    {
        headers.Add(Parent, Encoding.ASCII.GetBytes(span.Id!));
        if (span.TraceStateString is { Length: > 0 and <= CacheTracing.LongestTraceState } state)
            headers.Add("tracestate", Encoding.ASCII.GetBytes(state));
    }
}
