using System.Diagnostics;
using KafkaCaching.Hybrid.Claims;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Diagnostics;

/// <summary>Creates the spans of one hybrid cache, for runs of factories and for claims. A span contains no key, tag or value. If a
/// listener throws, the caller still gets its value, and only the first such exception is logged.</summary>
internal sealed class HybridTracing(string cache, ILogger logger)
{
    private static readonly ActivitySource Source =
        new(KafkaHybridCache.ActivitySourceName, typeof(HybridTracing).Assembly.GetName().Version?.ToString(3));

    private readonly KeyValuePair<string, object?>[] _tags = [new("kafkacache.cache", cache)];
    private readonly string _factory = $"factory {cache}";
    private readonly string _claim = $"claim {cache}";
    private int _isTold;

    /// <summary>Begins the span of a factory's run.</summary>
    public HybridSpan StartFactory() => Start(_factory);

    /// <summary>Begins the span of a claim, which lasts until it is known which pod runs the factory and, if it is another pod, until that
    /// pod's fill has been applied here.</summary>
    public HybridSpan StartClaim() => Start(_claim);

    /// <summary>Logs an exception that a listener threw, if it is the first one.</summary>
    public void Note(Exception thrown)
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
            Log.ListenerThrew(logger, thrown, cache);
    }

    private HybridSpan Start(string name)
    {
        if (!Source.HasListeners())
            return default;
        var outer = Activity.Current;
        try
        {
            return new HybridSpan(Source.StartActivity(name, ActivityKind.Internal, parentContext: default, _tags), outer, this);
        }
        catch (Exception thrown)
        {
            // The span may have become the current one before the listener threw.
            Activity.Current = outer;
            Note(thrown);
            return default;
        }
    }
}

/// <summary>A span that ends when it is disposed of. The default value represents no span.</summary>
internal readonly struct HybridSpan(Activity? activity, Activity? outer, HybridTracing tracing) : IDisposable
{
    public void Failed(Exception cause) =>
        activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", cause.GetType().FullName);

    public void Claimed(ClaimOutcome claim) => activity?.SetTag(
        "kafkacache.hybrid.claim", claim.Number != 0 ? "held" : claim.IsFilled ? "filled" : "in_doubt");

    public void Dispose()
    {
        if (activity is null)
            return;
        try
        {
            activity.Dispose();
        }
        catch (Exception thrown)
        {
            // The listener threw before .NET had restored the outer activity.
            Activity.Current = outer;
            tracing.Note(thrown);
        }
    }
}
