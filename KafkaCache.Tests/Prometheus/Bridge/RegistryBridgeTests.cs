using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.Prometheus;
using KafkaCaching.Tests.Diagnostics;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus.Bridge;

/// <summary>The bridge, with the test's own meters that have the names of the library's meters.</summary>
public sealed class RegistryBridgeTests : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] Users = [new("cache", "bridged"), new("topic", "users")];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly OwnMeterFactory _meters = new();
    private readonly ListLoggerFactory _logs = new();
    private readonly Meter _meter;
    private readonly IDisposable _registration;

    public RegistryBridgeTests()
    {
        _meter = _meters.Create(CacheMetrics.MeterName);
        _registration = KafkaCachePrometheus.Register(_registry, _meters, _logs);
    }

    public void Dispose()
    {
        _registration.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task An_observed_gauge_is_polled_once_at_each_scrape()
    {
        var polls = 0;
        _meter.CreateObservableGauge("kafkacache.x", () => new Measurement<long>(++polls, Users), "{record}", "What it is.");

        Assert.Equal(1, (await ScrapeAsync()).Value("kafkacache_x"));
        var scrape = await ScrapeAsync();

        Assert.Equal(2, scrape.Value("kafkacache_x", "cache=\"bridged\",topic=\"users\""));
        Assert.Contains("# HELP kafkacache_x What it is.\n# TYPE kafkacache_x gauge\n", scrape.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_series_that_is_no_longer_observed_is_gone_and_one_that_is_again_is_back()
    {
        var partitions = 3;
        _meter.CreateObservableGauge(
            "kafkacache.x",
            () =>
                Enumerable.Range(0, partitions)
                    .Select(static i => new Measurement<long>(i, new KeyValuePair<string, object?>("partition", i))));
        Assert.Equal([0, 1, 2], Values(await ScrapeAsync()));

        partitions = 1;
        Assert.Equal([0], Values(await ScrapeAsync()));
        partitions = 2;
        Assert.Equal([0, 1], Values(await ScrapeAsync()));

        static IEnumerable<double> Values(Scrape scrape) => scrape.Of("kafkacache_x").Select(static sample => sample.Value).Order();
    }

    [Fact]
    public async Task An_observed_counter_shows_the_total_and_of_two_of_one_series_the_later()
    {
        _meter.CreateObservableCounter("kafkacache.x", static () => (Measurement<long>[])[new(100, Users), new(42, Users)], "By");

        await ScrapeAsync();
        await ScrapeAsync();

        Assert.Equal(42, (await ScrapeAsync()).Value("kafkacache_x_bytes_total"));
        Assert.Equal("counter", (await ScrapeAsync()).Types["kafkacache_x_bytes_total"]);
    }

    [Fact]
    public async Task A_total_that_restarts_at_0_never_decreases_the_counter()
    {
        long[] totals = [7, 1_000, 3, 5, 2];
        var next = -1;
        _meter.CreateObservableCounter("kafkacache.x", () => new Measurement<long>(totals[++next], Users));

        var shown = new List<double>();
        foreach (var _ in totals)
            shown.Add((await ScrapeAsync()).Value("kafkacache_x_total"));

        Assert.Equal([7, 1_000, 1_003, 1_005, 1_007], shown);
    }

    [Fact]
    public async Task A_counter_of_0_is_shown()
    {
        _meter.CreateObservableCounter("kafkacache.x", static () => new Measurement<long>(0, Users));

        Assert.Equal(0, (await ScrapeAsync()).Value("kafkacache_x_total"));
    }

    [Fact]
    public async Task A_histogram_has_the_boundaries_of_its_instrument_and_counts_what_came_before_the_first_scrape()
    {
        Observe(static () => true);
        var histogram = _meter.CreateHistogram(
            "kafkacache.x", "s", tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var seconds in (double[])[0.1, 0.5, 7])
            histogram.Record(seconds, Users);

        var scrape = await ScrapeAsync();

        Assert.Equal("histogram", scrape.Types["kafkacache_x_seconds"]);
        Assert.Equal(
            ["0.1", "1", "+Inf"],
            scrape.Of("kafkacache_x_seconds_bucket").Select(static sample => sample.Labels.Split("le=")[1].Trim('"')));
        Assert.Equal([1, 2, 3], scrape.Of("kafkacache_x_seconds_bucket").Select(static sample => sample.Value));
        Assert.Equal(7.6, scrape.Value("kafkacache_x_seconds_sum"));
        Assert.Equal(3, scrape.Value("kafkacache_x_seconds_count"));
    }

    [Fact]
    public async Task What_was_pushed_for_a_cache_goes_when_nothing_of_the_cache_is_observed_any_more()
    {
        var isThere = true;
        Observe(() => isThere);
        var histogram = _meter.CreateHistogram<double>("kafkacache.x", "s");
        histogram.Record(1, Users);
        histogram.Record(1, [new("cache", "others"), new("topic", "users"), new("outcome", "committed")]);
        Assert.Equal(2, (await ScrapeAsync()).Of("kafkacache_x_seconds_count").Count());
        Assert.Equal(1, (await ScrapeAsync()).Value("kafkacache_x_seconds_count", "cache=\"bridged\""));

        isThere = false;
        Assert.Empty((await ScrapeAsync()).Of("kafkacache_x_seconds_count"));

        // The last put of a cache may end after the cache was disposed.
        histogram.Record(1, Users);
        await ScrapeAsync();
        Assert.Empty((await ScrapeAsync()).Of("kafkacache_x_seconds_count"));
    }

    [Fact]
    public async Task Meters_of_other_names_and_of_other_factories_are_left_out()
    {
        using var others = new OwnMeterFactory();
        using var other = new Meter("SomethingElse", version: null, tags: null, scope: _meters);
        other.CreateObservableGauge("kafkacache.x", static () => 1);
        others.Create(CacheMetrics.MeterName).CreateObservableGauge("kafkacache.x", static () => 1);

        Assert.Empty((await ScrapeAsync()).Of("kafkacache_x"));
    }

    [Fact]
    public async Task Two_registrations_for_one_factory_count_once_and_the_last_that_ends_takes_the_series_along()
    {
        Observe(static () => true);
        var histogram = _meter.CreateHistogram<double>("kafkacache.x", "s");
        var second = KafkaCachePrometheus.Register(_registry, _meters);
        histogram.Record(1, Users);
        _meter.CreateObservableCounter("kafkacache.y", static () => new Measurement<long>(5, Users));
        Assert.Equal((1, 5), Seen(await ScrapeAsync()));

        second.Dispose();
        second.Dispose();
        histogram.Record(1, Users);
        Assert.Equal((2, 5), Seen(await ScrapeAsync()));

        _registration.Dispose();
        var scrape = await ScrapeAsync();
        Assert.Empty(scrape.With("cache", "bridged"));

        static (double, double) Seen(Scrape scrape) => (scrape.Value("kafkacache_x_seconds_count"), scrape.Value("kafkacache_y_total"));
    }

    [Fact]
    public async Task Two_factories_share_a_registry_and_one_takes_only_its_own_along()
    {
        using var others = new OwnMeterFactory();
        others.Create(CacheMetrics.MeterName).CreateObservableGauge(
            "kafkacache.x", static () => new Measurement<int>(2, new KeyValuePair<string, object?>("cache", "theirs")));
        _meter.CreateObservableGauge(
            "kafkacache.x", static () => new Measurement<int>(1, new KeyValuePair<string, object?>("cache", "ours")));
        using (KafkaCachePrometheus.Register(_registry, others))
            Assert.Equal(3, (await ScrapeAsync()).Of("kafkacache_x").Sum(static sample => sample.Value));

        Assert.Equal("cache=\"ours\"", Assert.Single((await ScrapeAsync()).Of("kafkacache_x")).Labels);
    }

    [Fact]
    public async Task A_disposed_meter_takes_its_series_along()
    {
        var meter = _meters.Create(CacheMetrics.MeterName);
        meter.CreateObservableGauge("kafkacache.x", static () => 1);
        Assert.NotEmpty((await ScrapeAsync()).Of("kafkacache_x"));

        meter.Dispose();

        Assert.Empty((await ScrapeAsync()).Of("kafkacache_x"));
    }

    [Fact]
    public async Task An_observer_that_throws_is_logged_and_leaves_all_else_standing()
    {
        var throws = false;
        Observe(() => throws ? throw new InvalidOperationException("Not now.") : true);
        _meter.CreateObservableGauge("kafkacache.x", static () => 1);
        var histogram = _meter.CreateHistogram<double>("kafkacache.y", "s");
        histogram.Record(1, Users);
        await ScrapeAsync();

        throws = true;
        var scrape = await ScrapeAsync();

        Assert.Equal(1, scrape.Value("kafkacache_x"));
        Assert.Equal(1, scrape.Value("kafkacache_y_seconds_count"));
        Assert.DoesNotContain(scrape.With("cache", "bridged"), static sample => sample.Name == "kafkacache_ready");
        Assert.Single(_logs.Logger.Lines, static line => line.Id == 500);
    }

    [Fact]
    public async Task A_metric_of_the_application_with_the_same_name_and_another_type_stays_and_the_conflict_is_logged_once()
    {
        Metrics.WithCustomRegistry(_registry).CreateGauge("kafkacache_x_seconds", "Theirs.").Set(7);
        var histogram = _meter.CreateHistogram<double>("kafkacache.x", "s");

        histogram.Record(1, Users);
        histogram.Record(1, Users);

        var scrape = await ScrapeAsync();
        Assert.Equal(
            7, Assert.Single(scrape.Samples, static sample => sample.Name.StartsWith("kafkacache_x", StringComparison.Ordinal)).Value);
        Assert.Single(_logs.Logger.Lines, static line => line.Id == 501);
    }

    [Fact]
    public async Task An_instrument_of_another_type_does_not_take_over_a_name()
    {
        _meter.CreateObservableGauge("kafkacache.x_total", static () => 1L);
        _meter.CreateObservableCounter("kafkacache.x", static () => 2L);

        var scrape = await ScrapeAsync();

        Assert.Equal("gauge", scrape.Types["kafkacache_x_total"]);
        Assert.Equal(1, scrape.Value("kafkacache_x_total"));
        Assert.Single(_logs.Logger.Lines, static line => line.Id == 501);
    }

    [Fact]
    public async Task A_unit_that_the_library_does_not_have_breaks_nothing()
    {
        _meter.CreateObservableGauge("kafkacache.x", static () => 1, "km/h");
        _meter.CreateObservableGauge("kafkacache.y", static () => 1);

        Assert.Equal(1, (await ScrapeAsync()).Value("kafkacache_y"));
        Assert.Single(_logs.Logger.Lines, static line => line.Id == 501);
    }

    [Fact]
    public async Task Labels_of_the_registry_itself_are_on_every_series()
    {
        // The labels must be set first, because the registration of the bridge may create a metric immediately.
        var registry = Metrics.NewCustomRegistry();
        registry.SetStaticLabels(new Dictionary<string, string>(StringComparer.Ordinal) { ["zone"] = "a" });
        using var registration = KafkaCachePrometheus.Register(registry, _meters, _logs);
        _meter.CreateObservableGauge("kafkacache.x", static () => new Measurement<int>(1, Users));

        var scrape = await Scrape.OfAsync(registry, ExpositionFormat.PrometheusText);
        Assert.Equal("cache=\"bridged\",topic=\"users\",zone=\"a\"", Assert.Single(scrape.Of("kafkacache_x")).Labels);
    }

    [Fact]
    public async Task A_counter_has_no_exemplar_of_the_scrape_that_read_it()
    {
        _meter.CreateObservableCounter("kafkacache.x", static () => new Measurement<long>(5, Users));
        using var activity = new System.Diagnostics.Activity("a scrape");
        activity.Start();

        Assert.DoesNotContain("trace_id", (await ScrapeAsync(ExpositionFormat.OpenMetricsText)).Text, StringComparison.Ordinal);
    }

    private void Observe(Func<bool> isThere) =>
        _meter.CreateObservableGauge(
            "kafkacache.ready",
            () => isThere() ? (Measurement<int>[])[new(1, Users), new(1, [new("cache", "others"), new("topic", "users")])] : []);

    private Task<Scrape> ScrapeAsync(ExpositionFormat format = ExpositionFormat.PrometheusText) => Scrape.OfAsync(_registry, format);
}
