using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>Which format a scraper's Accept header asks for, by HTTP's rules (RFC 9110, 12.5.1).</summary>
internal static class ExpositionNegotiation
{
    private const string TextVersion = "0.0.4";
    private const string OpenMetricsVersion = "1.0.0";
    private const string OpenMetricsType = "application/openmetrics-text";

    public static string ContentType(this ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? $"{OpenMetricsType}; version={OpenMetricsVersion}; charset=utf-8"
        : $"text/plain; version={TextVersion}; charset=utf-8";

    /// <summary>OpenMetrics where it is preferred. The text format in all other cases: who accepts neither is a person with a browser.</summary>
    public static ExpositionFormat Choose(StringValues accept) =>
        MediaTypeHeaderValue.TryParseList(accept, out var ranges) && Quality(ranges, OpenMetricsType, OpenMetricsVersion) > Quality(ranges, "text/plain", TextVersion)
            ? ExpositionFormat.OpenMetrics
            : ExpositionFormat.Text;

    /// <summary>The quality of the most specific range that a type is in; of equally specific ones, the best.</summary>
    private static double Quality(IList<MediaTypeHeaderValue> ranges, string type, string version)
    {
        var (quality, specificity) = (0.0, -1);
        foreach (var range in ranges)
        {
            var given = Specificity(range, type, version);
            var offered = range.Quality ?? 1;
            if (given > specificity || (given >= 0 && given == specificity && offered > quality))
                (quality, specificity) = (offered, given);
        }

        return quality;
    }

    private static int Specificity(MediaTypeHeaderValue range, string type, string version)
    {
        if (range.MatchesAllTypes)
            return 0;
        if (range.MatchesAllSubTypes)
            return type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase) ? 1 : -1;
        if (!range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            return -1;
        if (Version(range) is not { } wanted)
            return 2;
        return wanted.Equals(version, StringComparison.Ordinal) ? 3 : -1;
    }

    private static string? Version(MediaTypeHeaderValue range)
    {
        foreach (var parameter in range.Parameters)
        {
            if (parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))
                return parameter.GetUnescapedValue().ToString();
        }

        return null;
    }
}
