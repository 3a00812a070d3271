using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus;

/// <summary>A parsed scrape of a registry.</summary>
internal sealed partial class Scrape(string text)
{
    public string Text => text;

    /// <summary>The types of the metrics by name, without prometheus-net's own metrics.</summary>
    public IReadOnlyDictionary<string, string> Types { get; } = Family().Matches(text)
        .Where(static family => family.Groups["name"].Value.StartsWith("kafkacache_", StringComparison.Ordinal))
        .ToDictionary(static family => family.Groups["name"].Value, static family => family.Groups["type"].Value, StringComparer.Ordinal);

    /// <summary>The samples, in order. A name must have only one sample for each set of labels, because Prometheus would otherwise refuse
    /// the whole scrape.</summary>
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

    /// <summary>The types of the metrics of one cache, sorted by name.</summary>
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

/// <summary>One line of a scrape. The labels are the text between the braces.</summary>
internal sealed record ScrapedSample(string Name, string Labels, double Value)
{
    public IEnumerable<string> LabelNames =>
        Labels.Split('"')
            .Where(static (_, i) => i % 2 == 0)
            .Select(static name => name.Trim(',', '='))
            .Where(static name => name.Length > 0);
}
