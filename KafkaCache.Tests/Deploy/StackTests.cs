using System.Net.Http.Json;
using System.Text.RegularExpressions;
using KafkaCaching.Demo.Sample;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Demo;
using KafkaCaching.Tests.Prometheus;

namespace KafkaCaching.Tests.Deploy;

/// <summary>A real Prometheus with the stack's configuration scrapes a demo that has handled reads and writes.</summary>
public sealed partial class StackTests(StackTests.ScrapedDemo stack) : IClassFixture<StackTests.ScrapedDemo>
{
    // The limit is high for slow machines: a rate needs two scrapes, and a scrape that takes longer than a second fails.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Every_query_of_the_dashboard_shows_something_and_has_the_labels_of_its_legend()
    {
        var prometheus = stack.Prometheus;

        foreach (var (panel, expression, legend) in Dashboard.Read().Queries())
        {
            IReadOnlyList<PrometheusSample> samples = [];
            await Eventually.TrueAsync(
                async () => (samples = await prometheus.SamplesAsync(expression)).Count > 0, $"{panel} shows something: {expression}",
                Patience);

            foreach (var label in Label().Matches(legend).Select(static label => label.Groups["name"].Value))
                Assert.All(
                    samples, sample => Assert.True(sample.Labels.ContainsKey(label), $"{panel}: {expression} has no label {label}."));
        }
    }

    [Fact]
    public async Task Every_alert_is_understood_and_none_is_raised_on_a_demo_that_is_well()
    {
        var prometheus = stack.Prometheus;
        IReadOnlyList<(string Name, string Health)> alerts = [];

        await Eventually.TrueAsync(
            async () => (alerts = await prometheus.AlertsAsync()).Count > 0 && alerts.All(static alert => alert.Health is not "unknown"),
            "every alert has been judged", Patience);

        Assert.Equal(AlertRule.Read().Select(static alert => (alert.Name, "ok")), alerts);
        foreach (var alert in AlertRule.Read())
            await Eventually.TrueAsync(
                async () => (await prometheus.SamplesAsync(alert.Expression)).Count == 0, $"{alert.Name} is not raised", Patience);
    }

    [Fact]
    public async Task Every_metric_that_the_dashboard_the_alerts_and_the_page_on_monitoring_name_is_in_the_scrape()
    {
        var prometheus = stack.Prometheus;
        var named = Dashboard.Read().Queries().Select(static query => query.Expression)
            .Concat(Dashboard.Read().Variables.Select(static variable => variable.GetProperty("query").ToString()))
            .Concat(AlertRule.Read().Select(static alert => alert.Expression))
            .Append(DeployFiles.Doc("monitoring.md"))
            .SelectMany(MetricNames.In)
            .Where(static name => OfTheDemo().IsMatch(name) || !OtherMeters.Have(name)) // The demo has run no job and has no relay.
            .Where(static name => name != "kafkacache_spilled_bytes") // No cache of the demo spills.
            .ToHashSet(StringComparer.Ordinal);

        // Waits for two scrapes, because Prometheus may return only some of the metric names while it ingests the first.
        await Eventually.TrueAsync(
            async () => (await prometheus.SamplesAsync("count_over_time(kafkacache_ready[5m]) >= 2")).Count > 0,
            "Prometheus has scraped twice", Patience);

        Assert.Subset((await prometheus.MetricNamesAsync()).ToHashSet(StringComparer.Ordinal), named);
    }

    [Fact]
    public async Task Promtool_finds_nothing_in_what_the_scrape_shows_of_the_caches()
    {
        Assert.SkipUnless(Promtool.IsInstalled, "Needs promtool on the PATH: Debian's package prometheus.");

        var metrics = await stack.Demo.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Contains("kafkacache_put_duration_seconds_bucket{", metrics, StringComparison.Ordinal);

        // prometheus-net's own runtime metrics are left out, because promtool reports some of them.
        var ours = metrics.Split('\n').Where(static line => line.Contains("kafkacache_", StringComparison.Ordinal));
        Assert.Equal((0, ""), await Promtool.CheckAsync(string.Join('\n', [.. ours, ""])));
    }

    [Fact]
    public async Task Prometheus_nets_own_adapter_is_at_work_and_shows_nothing_of_the_caches_a_second_time()
    {
        var prometheus = stack.Prometheus;

        await Eventually.TrueAsync(
            async () => await prometheus.SamplesAsync("prometheus_net_meteradapter_instruments_connected > 0") is [_],
            "the adapter listens to the meters of the process", Patience);

        Assert.NotEmpty(await prometheus.SamplesAsync("kafkacache_ready"));
        Assert.DoesNotContain(
            await prometheus.MetricNamesAsync(), static name => name.StartsWith("kafkacache_kafkacache_", StringComparison.Ordinal));
    }

    [GeneratedRegex("^kafkacache_(hybrid|ef)_", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex OfTheDemo();

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Label();

    /// <summary>A demo in a separate process. In this process, a scrape would also show the caches of other tests, because caches without a
    /// meter factory share the meter of the process.</summary>
    public sealed class ScrapedDemo : IAsyncLifetime
    {
        private static readonly User Ada = new SampleData().Users[0];

        private DemoProcess? _process;
        private HttpClient? _client;
        private PrometheusServer? _prometheus;

        internal HttpClient Demo => _client!;

        internal PrometheusServer Prometheus
        {
            get
            {
                Assert.SkipUnless(PrometheusServer.IsInstalled, "Needs prometheus on the PATH: Debian's package of that name.");
                return _prometheus!;
            }
        }

        public async ValueTask InitializeAsync()
        {
            _process = await DemoProcess.StartReadyAsync();
            var address = _process.Address;
            _client = new HttpClient { BaseAddress = address };

            // The series of puts and waits exist only after the first put and wait.
            var user = new Uri($"/users/{Ada.Id}", UriKind.Relative);
            using var put = await _client.PutAsJsonAsync(
                $"{user}?wait=applied", new { Ada.Email, Ada.DisplayName, Ada.Groups }, TestContext.Current.CancellationToken);
            put.EnsureSuccessStatusCode();
            _ = await _client.GetStringAsync(user, TestContext.Current.CancellationToken);
            _ = await _client.GetStringAsync(new Uri("/rates/USD", UriKind.Relative), TestContext.Current.CancellationToken);
            if (PrometheusServer.IsInstalled)
                _prometheus = await PrometheusServer.StartAsync(address);
        }

        public async ValueTask DisposeAsync()
        {
            if (_prometheus is not null)
                await _prometheus.DisposeAsync();
            _client?.Dispose();
            if (_process is not null)
                await _process.DisposeAsync();
        }
    }
}
