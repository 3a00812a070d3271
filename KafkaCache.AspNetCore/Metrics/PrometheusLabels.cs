using System.Globalization;
using System.Runtime.CompilerServices;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>Tags as they stand between the braces of a sample: <c>topic="users",partition="0"</c>.</summary>
internal static class PrometheusLabels
{
    // The labels of a cache's partition fit; longer ones are rented.
    private const int StackCharacters = 256;

    /// <summary>Hands a measurement on with its tags rendered, in the order given; of two with one name the later stands. Allocates nothing.</summary>
    public static void Record(InstrumentSeries series, double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[StackCharacters]);
        try
        {
            Append(ref text, tags);
            series.Record(measurement, text.Text);
        }
        finally
        {
            text.Clear();
        }
    }

    public static string Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture);
        Append(ref text, tags);
        return text.ToStringAndClear();
    }

    private static void Append(ref DefaultInterpolatedStringHandler text, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isFirst = true;
        for (var i = 0; i < tags.Length; i++)
        {
            var name = PrometheusNames.Label(tags[i].Key);
            if (IsGivenAgain(name, tags[(i + 1)..]))
                continue;
            if (!isFirst)
                text.AppendLiteral(",");
            isFirst = false;
            text.AppendLiteral(name);
            text.AppendLiteral("=\"");
            AppendValue(ref text, tags[i].Value);
            text.AppendLiteral("\"");
        }
    }

    private static bool IsGivenAgain(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (other, _) in tags)
        {
            if (string.Equals(name, PrometheusNames.Label(other), StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static void AppendValue(ref DefaultInterpolatedStringHandler text, object? value)
    {
        // Numbers, the bulk of what a scrape renders, need no escape.
        if (value is int or long)
            text.AppendFormatted(value);
        else
            text.AppendFormatted(PrometheusEscape.Quoted(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
    }
}
