using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using KafkaCaching.AspNetCore.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.House;
using Prometheus;

namespace KafkaCaching.Tests;

/// <summary>The one file that needs the optional package prometheus-net; the project file leaves it out where the package is missing. It holds true what docs/metrics.md says of it.</summary>
public sealed partial class PrometheusNetTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task With_the_relabel_rules_of_the_docs_names_and_boundaries_are_those_of_the_table()
    {
        using var meters = new OwnMeterFactory();
        var registry = Metrics.NewCustomRegistry();
        using var adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            InstrumentFilterPredicate = instrument => ReferenceEquals(instrument.Meter.Scope, meters),
            ResolveHistogramBuckets = static instrument => (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? MeterAdapterOptions.DefaultHistogramBuckets,
        });
        var options = TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic());
        options.MeterFactory = meters;
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        var scrape = await ScrapeAsync(registry);
        var names = Family().Matches(scrape).Select(static family => family.Groups["name"].Value).Where(static name => name.StartsWith("kafkacache_", StringComparison.Ordinal));
        Assert.Equal(NamesOf(meters), names.Select(Relabelled).Order(StringComparer.Ordinal));
        Assert.Contains("""kafkacache_kafkacache_put_duration_bucket{""", scrape, StringComparison.Ordinal);
        Assert.Contains("le=\"0.0025\"", scrape, StringComparison.Ordinal);
    }

    private static async Task<string> ScrapeAsync(CollectorRegistry registry)
    {
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static IEnumerable<string> NamesOf(OwnMeterFactory meters)
    {
        var names = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                names.Add(PrometheusNames.Of(instrument.Name, instrument.Unit, instrument is ObservableCounter<long>));
        };
        listener.Start();
        return names.Order(StringComparer.Ordinal);
    }

    // As Prometheus does it: each rule on what the one before has made, anchored at both ends.
    private static string Relabelled(string name)
    {
        var rules = Rule().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md")));
        Assert.NotEmpty(rules);
        foreach (Match rule in rules)
            name = Regex.Replace(name, $"^(?:{rule.Groups["regex"].Value})$", rule.Groups["replacement"].Value, RegexOptions.None, TimeSpan.FromSeconds(1));
        return name;
    }

    [GeneratedRegex(@"^# TYPE (?<name>\w+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Family();

    [GeneratedRegex(@"regex: (?<regex>\S+)\n    target_label: __name__\n    replacement: (?<replacement>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Rule();
}
