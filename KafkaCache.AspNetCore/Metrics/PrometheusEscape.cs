namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>What both formats escape, and how. Text without any of it is handed back as it is.</summary>
internal static class PrometheusEscape
{
    /// <summary>Between quotes: label values, and help in OpenMetrics.</summary>
    public static string Quoted(string text) => Unquoted(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>To the end of the line: help in the text format.</summary>
    public static string Unquoted(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
