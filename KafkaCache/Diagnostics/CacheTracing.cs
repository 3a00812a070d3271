using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Diagnostics;

/// <summary>The spans of one cache, following OpenTelemetry's conventions for messaging and Kafka. A span never contains a key or a
/// value.</summary>
internal sealed class CacheTracing
{
    public const string SourceName = KafkaCache.ActivitySourceName;

    /// <summary>The number of characters of a trace state that must at least be propagated, according to W3C Trace Context.</summary>
    public const int MaxTraceStateLength = 512;

    private static readonly ActivitySource Source = new(SourceName, typeof(CacheTracing).Assembly.GetName().Version?.ToString(3));

    private readonly ListenerFaults _listenerFaults;
    private readonly string _send;
    private readonly string _process;
    private readonly KeyValuePair<string, object?>[] _sendTags;
    private readonly KeyValuePair<string, object?>[] _processTags;

    public CacheTracing(string cache, string topic, string producerId, string consumerId, ListenerFaults listenerFaults)
    {
        _listenerFaults = listenerFaults;
        _send = $"send {topic}";
        _process = $"process {topic}";
        _sendTags = Tags("send", cache, topic, producerId);
        _processTags = Tags("process", cache, topic, consumerId);
    }

    /// <summary>Whether there is a listener. Without one, no spans are needed.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <returns>The span. It is empty if there is no listener or if the sampler drops it.</returns>
    public CacheSpan StartSend(bool isTombstone) =>
        Start(_send, ActivityKind.Producer, parent: default, _sendTags, links: null, isTombstone);

    /// <param name="sent">The context of the span that wrote the record. It becomes the parent, so that a put and the application of its
    /// record are in one trace. It is also added as a link, as the messaging conventions require.</param>
    /// <param name="partition">The partition of the record.</param>
    /// <param name="offset">The offset of the record in the partition.</param>
    /// <param name="isTombstone">Whether the record has no value.</param>
    public CacheSpan StartProcess(ActivityContext sent, int partition, long offset, bool isTombstone)
    {
        KeyValuePair<string, object?>[] tags = [.. _processTags, PartitionTag(partition), OffsetTag(offset)];
        return Start(_process, ActivityKind.Consumer, sent, tags, [new ActivityLink(sent)], isTombstone);
    }

    public static void Committed(Activity? span, int partition, long offset)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        SetOutcome(span, PutOutcome.Committed);
        Set(span, PartitionTag(partition));
        Set(span, OffsetTag(offset));
    }

    public static void NotCommitted(Activity? span, PutOutcome outcome, string why)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        SetOutcome(span, outcome);
        Failed(span, TagValues<PutOutcome>.Of(outcome), why);
    }

    /// <param name="span">The span.</param>
    /// <param name="errorType">The type of the error, from a small set of values.</param>
    /// <param name="why">A human-readable description, without payload.</param>
    public static void Failed(Activity? span, string errorType, string? why = null) =>
        span?.SetStatus(ActivityStatusCode.Error, why).SetTag("error.type", errorType);

    private CacheSpan Start(
        string name, ActivityKind kind, ActivityContext parent, KeyValuePair<string, object?>[] tags, ActivityLink[]? links,
        bool isTombstone)
    {
        if (!IsOn)
            return default;
        var outer = Activity.Current;
        try
        {
            return new CacheSpan(WithTombstone(Source.StartActivity(name, kind, parent, tags, links), isTombstone), outer, _listenerFaults);
        }
        catch (Exception thrown)
        {
            // The span may already have become the current activity when the listener threw.
            Activity.Current = outer;
            _listenerFaults.Note(thrown);
            return default;
        }
    }

    private static void SetOutcome(Activity span, PutOutcome outcome) =>
        span.SetTag("kafkacache.put.outcome", TagValues<PutOutcome>.Of(outcome));

    private static Activity? WithTombstone(Activity? span, bool isTombstone) =>
        isTombstone && span is { IsAllDataRequested: true } ? span.SetTag("messaging.kafka.message.tombstone", true) : span;

    private static void Set(Activity span, KeyValuePair<string, object?> tag) => span.SetTag(tag.Key, tag.Value);

    private static KeyValuePair<string, object?> PartitionTag(int partition) =>
        new("messaging.destination.partition.id", partition.ToString(CultureInfo.InvariantCulture));

    private static KeyValuePair<string, object?> OffsetTag(long offset) => new("messaging.kafka.offset", offset);

    private static KeyValuePair<string, object?>[] Tags(string operation, string cache, string topic, string clientId) =>
    [
        new("messaging.system", "kafka"),
        new("messaging.operation.name", operation),
        new("messaging.operation.type", operation),
        new("messaging.destination.name", topic),
        new("messaging.client.id", clientId),
        new("kafkacache.cache", cache),
    ];
}
