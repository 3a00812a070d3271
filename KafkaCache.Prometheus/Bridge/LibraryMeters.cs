using System.Diagnostics.Metrics;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Recognizes the meters of the library's packages: <c>KafkaCache</c> and all whose names begin with <c>KafkaCache.</c>, such as
/// <c>KafkaCache.Hybrid</c>.</summary>
internal static class LibraryMeters
{
    private const string OfPackages = KafkaCache.MeterName + ".";

    public static bool Have(Instrument instrument) =>
        instrument.Meter.Name == KafkaCache.MeterName || instrument.Meter.Name.StartsWith(OfPackages, StringComparison.Ordinal);
}
