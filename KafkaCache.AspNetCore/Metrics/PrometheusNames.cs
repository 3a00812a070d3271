using System.Text;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>OpenTelemetry's names and UCUM's units as Prometheus spells them.</summary>
internal static class PrometheusNames
{
    private const string Total = "_total";

    public static string Of(string instrumentName, string? unit, bool isCounter)
    {
        var name = Sanitize(instrumentName, allowColon: true);
        name = WithSuffix(name, Unit(unit));
        return isCounter ? WithSuffix(name, "total") : name;
    }

    public static string Label(string tagName) => Sanitize(tagName, allowColon: false);

    public static string WithoutTotal(string name) =>
        name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;

    /// <summary>The unit as a name ends in it; empty where there is none.</summary>
    public static string Unit(string? unit)
    {
        // An annotation ({record}) is for people: UCUM gives it the meaning of 1.
        if (string.IsNullOrEmpty(unit) || unit.Contains('{', StringComparison.Ordinal))
            return "";

        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? Plural(unit) : $"{Plural(unit[..slash])}_per_{Singular(unit[(slash + 1)..])}";
    }

    private static string WithSuffix(string name, string suffix) =>
        suffix.Length == 0 || name.EndsWith("_" + suffix, StringComparison.Ordinal) ? name : $"{name}_{suffix}";

    private static string Plural(string unit) => unit switch
    {
        "1" => "",
        "%" => "percent",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        _ => Sanitize(unit, allowColon: false),
    };

    private static string Singular(string unit)
    {
        var plural = Plural(unit);
        return plural.EndsWith('s') ? plural[..^1] : plural;
    }

    private static string Sanitize(string text, bool allowColon)
    {
        if (IsLegal(text, allowColon))
            return text;
        var name = new StringBuilder(text.Length + 1);
        foreach (var c in text)
            name.Append(IsLegal(c, allowColon) ? c : '_');
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            name.Insert(0, '_');
        return name.ToString();
    }

    private static bool IsLegal(string text, bool allowColon)
    {
        foreach (var c in text)
        {
            if (!IsLegal(c, allowColon))
                return false;
        }

        return text.Length > 0 && !char.IsAsciiDigit(text[0]);
    }

    private static bool IsLegal(char c, bool allowColon) => char.IsAsciiLetterOrDigit(c) || c == '_' || (allowColon && c == ':');
}
