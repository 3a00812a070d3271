using System.Diagnostics.Metrics;
using KafkaCaching.Prometheus.Bridge;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace KafkaCaching.Prometheus;

/// <summary>Shows the metrics of caches in a registry of prometheus-net where there is no container. With one,
/// <c>services.AddKafkaCachePrometheus()</c> does it.</summary>
public static class KafkaCachePrometheus
{
    internal const string LogCategory = "KafkaCache.Metrics";

    /// <summary>Shows in a registry every cache that has no meter factory, and those of one factory, under the names, types and labels of
    /// <c>docs/metrics.md</c>. What is observed is read at each scrape; puts and waits are counted from this call on, so call it before the
    /// first cache is made. prometheus-net's own adapter then leaves these metrics out of its default registry, whatever else
    /// <see cref="Metrics.ConfigureMeterAdapter"/> has set before. May be called from several threads, and for several factories.</summary>
    /// <param name="registry">The registry. Default: <see cref="Metrics.DefaultRegistry"/>, which <c>MapMetrics()</c> serves.</param>
    /// <param name="meterFactory">The factory that caches have as their option <c>MeterFactory</c>. Default: none.</param>
    /// <param name="loggerFactory">Takes the warnings, under the category <c>KafkaCache.Metrics</c>. Default: nobody.</param>
    /// <returns>Ends it when disposed of: the next scrape shows these caches no more.</returns>
    public static IDisposable Register(
        CollectorRegistry? registry = null, IMeterFactory? meterFactory = null, ILoggerFactory? loggerFactory = null)
    {
        MeterAdapterExclusion.Apply();
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(LogCategory);
        return RegistryBridge.Of(registry ?? Metrics.DefaultRegistry).Register(meterFactory, logger);
    }
}
