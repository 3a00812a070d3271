using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Puts;

/// <summary>The context of a put as headers of its record, in the W3C's form. No baggage, and no state that nobody must pass on: whoever
/// sent the request may have chosen it, and a compacted topic keeps it for years.</summary>
internal static class TraceHeaders
{
    public static Headers? Of(Activity? span) => span is { IdFormat: ActivityIdFormat.W3C, Id: { } id }
        ? span.TraceStateString is
        {
            Length: > 0 and <= CacheTracing.LongestTraceState,
        } state ? [Header("traceparent", id), Header("tracestate", state)] : [Header("traceparent", id)]
        : null;

    private static Header Header(string name, string value) => new(name, Encoding.ASCII.GetBytes(value));
}
