using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Applying;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Replay.Applying;

/// <summary>Creates the apply spans of a cache whose clients have no client ID.</summary>
internal static class TracedApplies
{
    public static TracedApply Of(string topic, ILogger logger) =>
        new(new CacheTracing(topic, topic, "", "", new ListenerFaults(logger, topic)));
}
