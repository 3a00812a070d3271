using System.Reflection;
using Prometheus;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Keeps prometheus-net's own adapter away from the library's meter. At the first scrape of the default registry, the adapter
/// begins to listen to every meter of the process, with the configuration that <see cref="Metrics.ConfigureMeterAdapter"/> has set by then.
/// A call of that method replaces the earlier configuration, so this class keeps the one that the application has set and adds the
/// exclusion to it.</summary>
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
