namespace KafkaCaching.Prometheus.Bridge;

/// <summary>The library's names and units (OpenTelemetry's, UCUM's) as Prometheus spells them.</summary>
internal static class PrometheusNames
{
    public static string Of(string instrumentName, string? unit) => instrumentName.Replace('.', '_') + Unit(unit);

    public static string OfCounter(string instrumentName, string? unit) => Of(instrumentName, unit) + "_total";

    // An annotation ({record}) is for people: UCUM gives it the meaning of 1.
    private static string Unit(string? unit) => unit switch
    {
        null or "" or ['{', ..] => "",
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "_" + unit,
    };
}
