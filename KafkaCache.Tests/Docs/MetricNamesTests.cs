using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using KafkaCaching.Diagnostics;
using KafkaCaching.Prometheus.Bridge;
using KafkaCaching.Tests.House;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Docs;

/// <summary>docs/metrics.md must list exactly the existing instruments, with both names.</summary>
public sealed partial class MetricNamesTests
{
    [Fact]
    public void Table_of_metrics_is_the_instruments_there_are()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var there = new List<(string, string)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope == factory)
                there.Add(
                    (
                        instrument.Name,
                        instrument is ObservableCounter<long>
                            ? PrometheusNames.OfCounter(instrument.Name, instrument.Unit)
                            : PrometheusNames.Of(instrument.Name, instrument.Unit)));
        };
        listener.Start();
        _ = CacheMetrics.For(factory);

        var told = Row()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md")))
            .Select(static row => (row.Groups["instrument"].Value, row.Groups["scraped"].Value));
        Assert.Equal(there.Order(), told.Order());
    }

    [GeneratedRegex(
        @"^\| `(?<instrument>kafkacache\.[a-z_.]+)` \| `(?<scraped>[a-z_]+)` \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();
}
