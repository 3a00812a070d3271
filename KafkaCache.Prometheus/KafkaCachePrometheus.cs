using System.Diagnostics.Metrics;
using KafkaCaching.Prometheus.Bridge;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace KafkaCaching.Prometheus;

/// <summary>Exports the metrics of caches to a registry of prometheus-net in programs without a container. With a container, call
/// <c>services.AddKafkaCachePrometheus()</c> instead.</summary>
public static class KafkaCachePrometheus
{
    internal const string LogCategory = "KafkaCache.Metrics";

    /// <summary>Exports the metrics of every cache without a meter factory, and of the caches of one factory, to a registry, with the
    /// names, types and labels of <c>docs/metrics.md</c>. Observable metrics are read at each scrape. Puts and waits are counted from this
    /// call on, so call it before the first cache is created. From then on, prometheus-net's own adapter leaves these metrics out of its
    /// default registry; other settings made with <see cref="Metrics.ConfigureMeterAdapter"/> are kept. This method may be called from
    /// several threads, and for several factories.</summary>
    /// <param name="registry">The registry. Default: <see cref="Metrics.DefaultRegistry"/>, which <c>MapMetrics()</c> serves.</param>
    /// <param name="meterFactory">The meter factory of the caches, as set in their option <c>MeterFactory</c>. Default: none.</param>
    /// <param name="loggerFactory">Receives the warnings, under the category <c>KafkaCache.Metrics</c>. Default: none, so the warnings are
    /// discarded.</param>
    /// <returns>An object that ends the registration when it is disposed of. Later scrapes no longer include these caches.</returns>
    public static IDisposable Register(
        CollectorRegistry? registry = null, IMeterFactory? meterFactory = null, ILoggerFactory? loggerFactory = null)
    {
        MeterAdapterExclusion.Apply();
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(LogCategory);
        return RegistryBridge.Of(registry ?? Metrics.DefaultRegistry).Register(meterFactory, logger);
    }
}
