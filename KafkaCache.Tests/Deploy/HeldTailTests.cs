using System.Diagnostics.Metrics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Puts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Tests.Deploy;

/// <summary>The lag metrics in Prometheus, for a cache whose apply is blocked by the test.</summary>
public sealed class HeldTailTests(EmbeddedBrokerFixture embedded)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Lag_rises_in_records_and_seconds_while_the_tail_is_held_back_and_is_zero_after()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "Needs prometheus on the PATH: Debian's package of that name.");
        await using var app = await StartHostAsync();
        var topic = embedded.CreateTopic();
        using var held = new HeldApply();
        var options = TestOptions.For(embedded.BootstrapServers, topic);
        options.MeterFactory = app.Services.GetRequiredService<IMeterFactory>();
        held.Hold(options);
        await using var cache = KafkaCache.Create(options);
        await cache.PutAsync("first", "value", PutWait.Applied, TestContext.Current.CancellationToken);
        await using var prometheus = await PrometheusServer.StartAsync(new Uri(app.Urls.Single()));
        var ready = Series("kafkacache_ready");
        var lag = Series("kafkacache_lag");
        var seconds = Series("kafkacache_lag_duration_seconds");
        var position = Series("kafkacache_position");
        await SeesAsync(ready, static value => value == 1);
        await SeesAsync(lag, static value => value == 0);
        await SeesAsync(seconds, static value => value == 0);

        held.Close();
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"key {i}", "value")));

        await SeesAsync(lag, static value => value == 10);
        await SeesAsync($"deriv({seconds}[3s]) and min_over_time({seconds}[3s]) > 0", static growth => growth > 0.5);
        await SeesAsync(position, static value => value == 1);

        held.Open();

        await SeesAsync(lag, static value => value == 0);
        await SeesAsync(seconds, static value => value == 0);
        await SeesAsync(position, static value => value == 11);

        // The scrape also contains the caches of other tests, because caches without a meter factory share the meter of the process.
        string Series(string metric) => $"{metric}{{topic=\"{topic}\"}}";

        async Task SeesAsync(string query, Func<double, bool> isSo)
        {
            IReadOnlyList<PrometheusSample> seen = [];
            await Eventually.TrueAsync(
                async () => (seen = await prometheus.SamplesAsync(query)) is [var sample] && isSo(sample.Value), query, Patience);
            TestContext.Current.SendDiagnosticMessage($"{query}: {seen[0].Value}");
        }
    }

    private static async Task<WebApplication> StartHostAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var registry = Metrics.NewCustomRegistry();
        builder.Services.AddKafkaCachePrometheus(registry);
        var app = builder.Build();
        app.MapMetrics(settings => settings.Registry = registry);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
