namespace KafkaCaching.Tests.Prometheus;

/// <summary>Metrics of other meters than that of the caches. The bridge shows those that other tests have in the process at the moment, and
/// the demo has not all of them.</summary>
internal static class OtherMeters
{
    private static readonly string[] Prefixes = [
        "kafkacache_hybrid_", "kafkacache_leadership_", "kafkacache_refresh_", "kafkacache_job_", "kafkacache_ef_", "kafkacache_relay_",
    ];

    public static bool Have(string name) => Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
