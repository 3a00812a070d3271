namespace KafkaCaching.Tests.Prometheus;

/// <summary>The metrics of meters other than that of the caches. The bridge also exports those of other tests in this process, and the demo
/// does not have all of them.</summary>
internal static class OtherMeters
{
    private static readonly string[] Prefixes = [
        "kafkacache_hybrid_", "kafkacache_leadership_", "kafkacache_refresh_", "kafkacache_job_", "kafkacache_ef_", "kafkacache_relay_",
    ];

    public static bool Have(string name) => Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
