using System.Diagnostics.Metrics;
using KafkaCaching.Prometheus.Bridge;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace KafkaCaching.Prometheus;

/// <summary>Shows the metrics of caches in a registry of prometheus-net if there is no container. With a container, call
/// <c>services.AddKafkaCachePrometheus()</c> instead.</summary>
public static class KafkaCachePrometheus
{
    internal const string LogCategory = "KafkaCache.Metrics";

    /// <summary>Shows every cache without a meter factory, and the caches of one factory, in a registry, under the names, types and labels
    /// of <c>docs/metrics.md</c>. Observable metrics are read at each scrape. Puts and waits are counted from this call on, so call it
    /// before the first cache is created. From then on, prometheus-net's own adapter leaves these metrics out of its default registry;
    /// other settings made with <see cref="Metrics.ConfigureMeterAdapter"/> are kept. This method may be called from several threads, and
    /// for several factories.</summary>
    /// <param name="registry">The registry. Default: <see cref="Metrics.DefaultRegistry"/>, which <c>MapMetrics()</c> serves.</param>
    /// <param name="meterFactory">The factory that the option <c>MeterFactory</c> of the caches is set to. Default: none.</param>
    /// <param name="loggerFactory">Receives the warnings, under the category <c>KafkaCache.Metrics</c>. Default: none, so the warnings are
    /// dropped.</param>
    /// <returns>An object that ends the registration when it is disposed of. The next scrape then no longer shows these caches.</returns>
    public static IDisposable Register(
        CollectorRegistry? registry = null, IMeterFactory? meterFactory = null, ILoggerFactory? loggerFactory = null)
    {
        MeterAdapterExclusion.Apply();
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(LogCategory);
        return RegistryBridge.Of(registry ?? Metrics.DefaultRegistry).Register(meterFactory, logger);
    }
}
