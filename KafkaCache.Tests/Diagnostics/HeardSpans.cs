using System.Collections.Concurrent;
using System.Diagnostics;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Records the library's spans of one topic. Tests run in parallel and share the activity source.</summary>
internal sealed class HeardSpans : IDisposable
{
    /// <summary>The collection of the tests that listen to spans, so that a test can rely on the fact that no other test listens.</summary>
    public const string Listening = "Listening to spans";

    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public HeardSpans(string topic, ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == CacheTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Name.EndsWith(topic, StringComparison.Ordinal)
                ? sampling
                : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.DisplayName.EndsWith(topic, StringComparison.Ordinal))
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> All => [.. _spans];

    public IReadOnlyList<Activity> Sends => [.. _spans.Where(static span => span.Kind == ActivityKind.Producer)];

    public IReadOnlyList<Activity> Processes => [.. _spans.Where(static span => span.Kind == ActivityKind.Consumer)];

    public void Dispose() => _listener.Dispose();
}
