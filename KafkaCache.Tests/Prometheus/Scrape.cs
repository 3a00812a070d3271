using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus;

/// <summary>What one scrape of a registry says.</summary>
internal sealed partial class Scrape(string text)
{
    public string Text => text;

    /// <summary>The types by their names, without prometheus-net's own.</summary>
    public IReadOnlyDictionary<string, string> Types { get; } = Family().Matches(text)
        .Where(static family => family.Groups["name"].Value.StartsWith("kafkacache_", StringComparison.Ordinal))
        .ToDictionary(static family => family.Groups["name"].Value, static family => family.Groups["type"].Value, StringComparer.Ordinal);

    /// <summary>The samples, in their order. A name has one sample for each set of labels, or Prometheus would refuse the whole.</summary>
    public IReadOnlyList<ScrapedSample> Samples { get; } =
    [
        .. Sample().Matches(text).Select(static sample => new ScrapedSample(
            sample.Groups["name"].Value,
            sample.Groups["labels"].Value,
            double.Parse(sample.Groups["value"].Value.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture))),
    ];

    public static async Task<Scrape> OfAsync(CollectorRegistry registry, ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream, format, TestContext.Current.CancellationToken);
        return new Scrape(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>The samples with a label. A registry also shows the caches without a meter factory of the tests that run at the same time,
    /// so the value must be one that no other test has.</summary>
    public IEnumerable<ScrapedSample> With(string label, string value) =>
        Samples.Where(sample => sample.Labels.Contains($"{label}=\"{value}\"", StringComparison.Ordinal));

    /// <summary>The types of what is shown of one cache, ordered by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TypesOf(string cache)
    {
        var shown = With("cache", cache).Select(static sample => sample.Name).ToHashSet(StringComparer.Ordinal);
        return [.. Types.Where(one => shown.Contains(one.Key) || shown.Contains(one.Key + "_count")).OrderBy(static one => one.Key)];
    }

    public IEnumerable<ScrapedSample> Of(string name) => Samples.Where(sample => sample.Name == name);

    public double Value(string name, string labels = "") =>
        Assert.Single(Samples, sample => sample.Name == name && sample.Labels.Contains(labels, StringComparison.Ordinal)).Value;

    [GeneratedRegex(
        @"^# TYPE (?<name>\w+) (?<type>\w+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Family();

    [GeneratedRegex(
        @"^(?<name>\w+)(\{(?<labels>.*)\})? (?<value>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Sample();
}

/// <summary>One line of a scrape, with its labels as they stand between the braces.</summary>
internal sealed record ScrapedSample(string Name, string Labels, double Value)
{
    public IEnumerable<string> LabelNames =>
        Labels.Split('"')
            .Where(static (_, i) => i % 2 == 0)
            .Select(static name => name.Trim(',', '='))
            .Where(static name => name.Length > 0);
}
