using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Replay;

/// <summary>The spans of applies, as a cache whose clients have no names of their own makes them.</summary>
internal static class TracedApplies
{
    public static TracedApply Of(string topic, ILogger logger) =>
        new(new CacheTracing(topic, topic, "", "", new ListenerFaults(logger, topic)));
}
