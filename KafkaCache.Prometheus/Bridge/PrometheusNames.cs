namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Converts the library's names and units (those of OpenTelemetry and UCUM) to Prometheus's conventions.</summary>
internal static class PrometheusNames
{
    public static string Of(string instrumentName, string? unit) => instrumentName.Replace('.', '_') + Unit(unit);

    public static string OfCounter(string instrumentName, string? unit) => Of(instrumentName, unit) + "_total";

    // In UCUM, an annotation such as {record} means 1, so it adds no suffix.
    private static string Unit(string? unit) => unit switch
    {
        null or "" or ['{', ..] => "",
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "_" + unit,
    };
}
