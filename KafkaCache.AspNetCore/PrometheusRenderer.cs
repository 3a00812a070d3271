using System.Globalization;
using System.Text;

namespace KafkaCaching.AspNetCore;

/// <summary>Writes metric families in the Prometheus text format, version 0.0.4.</summary>
internal static class PrometheusRenderer
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Render(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
            AppendFamily(text, family);
        return text.ToString();
    }

    /// <summary>The tags as they stand between the braces of a sample, in the order given. Of two with one name the later stands.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";

        var labels = new OrderedDictionary<string, string>(tags.Length, StringComparer.Ordinal);
        foreach (var (name, value) in tags)
            labels[PrometheusNames.Label(name)] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

        var text = new StringBuilder();
        foreach (var (name, value) in labels)
            AppendLabel(text, name, value);
        return text.ToString();
    }

    public static string WithLabel(string labels, string name, string value)
    {
        var text = new StringBuilder(labels);
        AppendLabel(text, name, value);
        return text.ToString();
    }

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static void AppendFamily(StringBuilder text, MetricFamily family)
    {
        text.Append("# HELP ").Append(family.Name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
        foreach (var sample in family.Samples)
        {
            text.Append(family.Name).Append(sample.Suffix);
            if (sample.Labels.Length > 0)
                text.Append('{').Append(sample.Labels).Append('}');
            text.Append(' ').Append(Number(sample.Value)).Append('\n');
        }
    }

    private static void AppendLabel(StringBuilder text, string name, string value)
    {
        if (text.Length > 0)
            text.Append(',');
        text.Append(name).Append("=\"").Append(EscapeLabel(value)).Append('"');
    }

    private static string EscapeHelp(string help) =>
        help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string value) =>
        EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);
}
