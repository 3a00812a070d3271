using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Prometheus;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>Creates a registry with the same series as another one, as gauges that have the other registry's current values and never
/// change.</summary>
internal static partial class BareRegistry
{
    public static async Task<CollectorRegistry> LikeAsync(CollectorRegistry other)
    {
        using var stream = new MemoryStream();
        await other.CollectAndExportAsTextAsync(stream);
        var bare = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(bare);
        foreach (Match sample in Sample().Matches(Encoding.UTF8.GetString(stream.ToArray())))
        {
            var labels = Label().Matches(sample.Groups["labels"].Value);
            factory.CreateGauge(sample.Groups["name"].Value, "Help.", [.. labels.Select(static label => label.Groups["name"].Value)])
                .WithLabels([.. labels.Select(static label => label.Groups["value"].Value)])
                .Set(double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
        }

        return bare;
    }

    [GeneratedRegex(@"^(?<name>\w+)\{(?<labels>[^}]*)\} (?<value>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Sample();

    [GeneratedRegex("(?<name>\\w+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Label();
}
