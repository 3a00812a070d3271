using System.Diagnostics;
using System.Text;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay.Applying;

/// <summary>Starts a span for the application of a record that carries the trace context of its put. The class is used only on the replay
/// thread.</summary>
internal sealed class TracedApply(CacheTracing tracing)
{
    /// <summary>Whether there is a listener.</summary>
    public static bool IsOn => CacheTracing.IsOn;

    public CacheSpan Start(in SourceRecord record) =>
        record.Headers is { } headers
        && Read(headers, "traceparent") is { } parent
        && ActivityContext.TryParse(parent, Read(headers, "tracestate"), isRemote: true, out var sent)
            ? tracing.StartProcess(sent, record.Partition, record.Offset, record.IsTombstone)
            : default;

    public static void Failed(Activity? span, RecordErrorReason reason) =>
        CacheTracing.Failed(span, TagValues<RecordErrorReason>.Of(reason));

    public static void Failed(Activity? span, Exception fault) => CacheTracing.Failed(span, fault.GetType().ToString());

    private static string? Read(IRecordHeaders headers, string name) =>
        headers.TryGet(name, out var value) && value.Length <= CacheTracing.MaxTraceStateLength ? Encoding.ASCII.GetString(value) : null;
}
