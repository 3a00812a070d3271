using System.Reflection;
using Prometheus;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Excludes the library's meters from prometheus-net's own adapter. At the first scrape of the default registry, the adapter
/// begins to listen to every meter of the process, with the configuration that <see cref="Metrics.ConfigureMeterAdapter"/> has set by then.
/// Each call of that method replaces the configuration, so this class adds the exclusion to the configuration that the application has
/// set.</summary>
internal static class MeterAdapterExclusion
{
    private static readonly Lock Gate = new();

    // prometheus-net has no public way to read the configuration.
    private static readonly FieldInfo? Configured = typeof(Metrics).GetField(
        "_configureMeterAdapterOptions", BindingFlags.NonPublic | BindingFlags.Static);

    /// <summary>Adds the exclusion. It may be called again: if the application has configured the adapter since the last call, that
    /// configuration is kept too.</summary>
    public static void Apply()
    {
        lock (Gate)
        {
            var configured = Configured?.GetValue(null) as Action<MeterAdapterOptions>;
            if (configured?.Target is not Exclusion)
                Metrics.ConfigureMeterAdapter(new Exclusion(configured).Configure);
        }
    }

    private sealed class Exclusion(Action<MeterAdapterOptions>? configured)
    {
        public void Configure(MeterAdapterOptions options)
        {
            configured?.Invoke(options);
            var wanted = options.InstrumentFilterPredicate;
            options.InstrumentFilterPredicate = instrument => !LibraryMeters.Have(instrument) && wanted(instrument);
        }
    }
}
