namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Spells the library's names and units (those of OpenTelemetry and UCUM) as Prometheus does.</summary>
internal static class PrometheusNames
{
    public static string Of(string instrumentName, string? unit) => instrumentName.Replace('.', '_') + Unit(unit);

    public static string OfCounter(string instrumentName, string? unit) => Of(instrumentName, unit) + "_total";

    // An annotation such as {record} is for people; in UCUM it means 1.
    private static string Unit(string? unit) => unit switch
    {
        null or "" or ['{', ..] => "",
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "_" + unit,
    };
}
