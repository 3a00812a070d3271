namespace KafkaCaching.Jobs;

/// <summary>Names of this package.</summary>
public static class KafkaJobs
{
    /// <summary>The name of the meter of refreshed caches and jobs.</summary>
    public const string MeterName = "KafkaCache.Jobs";
}
