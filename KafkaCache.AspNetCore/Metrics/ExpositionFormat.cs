namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>The two forms a scrape can take.</summary>
internal enum ExpositionFormat
{
    /// <summary>The Prometheus text format, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics, version 1.0.0.</summary>
    OpenMetrics,
}
