using System.Diagnostics.Metrics;
using KafkaCaching.AspNetCore.Metrics;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KafkaCaching.Tests.AspNetCore.Metrics;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly string _prefix = "kafkacache.test_" + Guid.NewGuid().ToString("N");

    // A meter of the whole process would be scraped by tests that run beside these, with all that is wrong here.
    private readonly OwnMeterFactory _meters = new();
    private readonly Meter _meter;
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests()
    {
        _meter = _meters.Create(MetricsCollector.MeterName);
        _collector = new MetricsCollector(_meters, NullLogger.Instance);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void An_observed_gauge_is_polled_at_each_scrape()
    {
        var lag = 3L;
        _meter.CreateObservableGauge(_prefix, () => new Measurement<long>(lag, new KeyValuePair<string, object?>("topic", "users")), "{record}", "Lag.");

        Assert.Equal(3, Assert.Single(Family(_prefix).Samples).Value);
        lag = 0;

        var sample = Assert.Single(Family(_prefix).Samples);
        Assert.Equal(new MetricSample("", "topic=\"users\"", 0), sample);
    }

    [Fact]
    public void A_series_that_is_no_longer_observed_is_no_longer_shown()
    {
        var partitions = 3;
        _meter.CreateObservableGauge(_prefix, () => Enumerable.Range(0, partitions).Select(i => new Measurement<long>(i, new KeyValuePair<string, object?>("partition", i))));
        Assert.Equal(3, Family(_prefix).Samples.Count);

        partitions = 1;

        Assert.Single(Family(_prefix).Samples);
    }

    [Fact]
    public void A_series_that_is_observed_again_is_shown_again()
    {
        var partitions = 3;
        _meter.CreateObservableGauge(_prefix, () => Enumerable.Range(0, partitions).Select(i => new Measurement<long>(i, new KeyValuePair<string, object?>("partition", i))));
        Family(_prefix);
        partitions = 1;
        Family(_prefix);
        partitions = 2;

        Assert.Equal([0, 1], Family(_prefix).Samples.Select(sample => sample.Value).Order());
    }

    [Fact]
    public void Two_observations_of_one_series_by_one_instrument_show_the_later()
    {
        _meter.CreateObservableGauge(_prefix, () => (Measurement<long>[])[new(1), new(2)]);

        Assert.Equal(2, Assert.Single(Family(_prefix).Samples).Value);
    }

    [Fact]
    public void Counters_add_up_per_labels_and_are_called_total()
    {
        var counter = _meter.CreateCounter<int>(_prefix);
        counter.Add(2, new KeyValuePair<string, object?>("topic", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("topic", "a"));
        counter.Add(5, new KeyValuePair<string, object?>("topic", "b"));

        var family = Family(_prefix + "_total");

        Assert.Equal("counter", family.Type);
        Assert.Equal([5, 5], family.Samples.Select(sample => sample.Value));
    }

    [Fact]
    public void An_observed_counter_shows_what_was_observed_and_not_a_sum()
    {
        _meter.CreateObservableCounter(_prefix, () => 42L);

        Family(_prefix + "_total");

        Assert.Equal(42, Assert.Single(Family(_prefix + "_total").Samples).Value);
    }

    [Fact]
    public void An_up_down_counter_is_a_gauge_of_the_sum()
    {
        var waiters = _meter.CreateUpDownCounter<long>(_prefix);
        waiters.Add(3);
        waiters.Add(-1);

        var family = Family(_prefix);

        Assert.Equal("gauge", family.Type);
        Assert.Equal(2, Assert.Single(family.Samples).Value);
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_a_sum_and_a_count()
    {
        var histogram = _meter.CreateHistogram(_prefix, "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var seconds in (double[])[0.1, 0.5, 7])
            histogram.Record(seconds, new KeyValuePair<string, object?>("topic", "users"));

        Assert.Equal(
            [
                new("_bucket", "topic=\"users\",le=\"0.1\"", 1),
                new("_bucket", "topic=\"users\",le=\"1.0\"", 2),
                new("_bucket", "topic=\"users\",le=\"+Inf\"", 3),
                new("_sum", "topic=\"users\"", 7.6),
                new("_count", "topic=\"users\"", 3),
            ],
            Family(_prefix + "_seconds").Samples);
    }

    [Fact]
    public void Two_instruments_of_one_name_share_a_family_and_never_repeat_a_series()
    {
        var other = _meters.Create(MetricsCollector.MeterName);
        _meter.CreateObservableGauge(_prefix, () => new Measurement<long>(1, new KeyValuePair<string, object?>("topic", "a")));
        other.CreateObservableGauge(_prefix, () => (Measurement<long>[])
        [
            new(2, new KeyValuePair<string, object?>("topic", "a")),
            new(3, new KeyValuePair<string, object?>("topic", "b")),
        ]);

        var family = Family(_prefix);

        Assert.Equal(["topic=\"a\"", "topic=\"b\""], family.Samples.Select(sample => sample.Labels).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_instrument_of_another_type_does_not_take_over_a_name()
    {
        _meter.CreateObservableGauge(_prefix + "_total", () => 1L);
        _meter.CreateObservableCounter(_prefix, () => 2L);

        var family = Family(_prefix + "_total");

        Assert.Equal("gauge", family.Type);
        Assert.Equal(1, Assert.Single(family.Samples).Value);
    }

    [Fact]
    public void A_disposed_meter_takes_its_series_along()
    {
        var meter = _meters.Create(MetricsCollector.MeterName);
        meter.CreateCounter<int>(_prefix).Add(1);
        Assert.NotNull(Family(_prefix + "_total"));

        meter.Dispose();

        Assert.DoesNotContain(_collector.Collect(), family => family.Name.StartsWith(_prefix, StringComparison.Ordinal));
    }

    [Fact]
    public void An_observer_that_throws_leaves_the_other_metrics_standing()
    {
        _meter.CreateObservableGauge<int>(_prefix + "_bad", int () => throw new InvalidOperationException("Not now."));
        _meter.CreateObservableGauge(_prefix + "_good", () => 1);

        Assert.Single(Family(_prefix + "_good").Samples);
    }

    [Fact]
    public void Meters_of_other_names_and_other_hosts_are_left_out()
    {
        using var otherName = new Meter("SomethingElse");
        using var otherHost = new Meter(MetricsCollector.MeterName, version: null, tags: null, scope: new object());
        otherName.CreateObservableGauge(_prefix, () => 1);
        otherHost.CreateObservableGauge(_prefix, () => 1);

        Assert.DoesNotContain(_collector.Collect(), family => family.Name.StartsWith(_prefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scrapes_at_once_see_every_series_each()
    {
        _meter.CreateObservableGauge(_prefix, () => Enumerable.Range(0, 50).Select(i => new Measurement<int>(i, new KeyValuePair<string, object?>("partition", i))));

        var scrapes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Family(_prefix).Samples.Count)));

        Assert.All(scrapes, count => Assert.Equal(50, count));
    }

    private MetricFamily Family(string name) =>
        Assert.Single(_collector.Collect(), family => string.Equals(family.Name, PrometheusNames.Of(name, null, isCounter: false), StringComparison.Ordinal));
}
