using System.Text.RegularExpressions;

namespace KafkaCaching.Tests.Deploy;

/// <summary>Finds the library's metrics that a text names.</summary>
internal static partial class MetricNames
{
    public static IReadOnlySet<string> In(string text) =>
        Name().Matches(text).Select(static name => name.Value).ToHashSet(StringComparer.Ordinal);

    // Does not match the job kafkacache-demo or the file kafkacache.rules.yml.
    [GeneratedRegex(@"\bkafkacache_\w+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Name();
}
