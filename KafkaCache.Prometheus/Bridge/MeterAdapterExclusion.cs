using System.Reflection;
using Prometheus;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Keeps prometheus-net's own adapter away from the library's meter. At the first scrape of the default registry it begins to
/// listen to every meter of the process, as <see cref="Metrics.ConfigureMeterAdapter"/> has set it up by then. That call takes the place of
/// an earlier one: what the application has set is kept, and ours added to it.</summary>
internal static class MeterAdapterExclusion
{
    private static readonly Lock Gate = new();

    // prometheus-net doesn't tell what has been set.
    private static readonly FieldInfo? Configured = typeof(Metrics).GetField(
        "_configureMeterAdapterOptions", BindingFlags.NonPublic | BindingFlags.Static);

    /// <summary>May be called again: where the application has set up the adapter meanwhile, that is kept too.</summary>
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
            options.InstrumentFilterPredicate = instrument => instrument.Meter.Name != KafkaCache.MeterName && wanted(instrument);
        }
    }
}
