using System.Diagnostics.Metrics;
using System.Reflection;
using KafkaCaching.Diagnostics;
using KafkaCaching.Prometheus.Bridge;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus.Bridge;

/// <summary>prometheus-net's real adapter, configured as at the first scrape of the default registry. StackTests checks that a process
/// exports no metric twice.</summary>
public sealed class MeterAdapterExclusionTests : IDisposable
{
    private static readonly FieldInfo Configured = typeof(Metrics).GetField(
        "_configureMeterAdapterOptions", BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly object? _before = Configured.GetValue(null);

    public void Dispose() => Configured.SetValue(null, _before);

    [Fact]
    public async Task The_adapter_leaves_the_librarys_meter_alone_and_takes_all_others()
    {
        Metrics.ConfigureMeterAdapter(static _ => { });

        MeterAdapterExclusion.Apply();

        Assert.Equal((0, 1), await SeenByAdapterAsync());
    }

    [Fact]
    public async Task What_the_application_has_set_before_holds_too_however_often_it_is_applied()
    {
        var calls = 0;
        Metrics.ConfigureMeterAdapter(options =>
        {
            calls++;
            options.InstrumentFilterPredicate = static instrument => instrument.Name is not "other";
        });

        MeterAdapterExclusion.Apply();
        MeterAdapterExclusion.Apply();

        Assert.Equal((0, 0), await SeenByAdapterAsync());
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task What_the_application_sets_after_is_kept_when_it_is_applied_again_as_at_the_hosts_start()
    {
        MeterAdapterExclusion.Apply();
        Metrics.ConfigureMeterAdapter(
            static options => options.InstrumentFilterPredicate = static instrument => instrument.Name is not "other");
        MeterAdapterExclusion.Apply();

        Assert.Equal((0, 0), await SeenByAdapterAsync());
    }

    private static async Task<(int Ours, int Others)> SeenByAdapterAsync()
    {
        using var ours = new Meter(CacheMetrics.MeterName, version: null, tags: null, scope: new object());
        using var other = new Meter("Another");
        ours.CreateObservableGauge("ours", static () => 1);
        other.CreateObservableGauge("other", static () => 1);
        var registry = Metrics.NewCustomRegistry();
        var options = new MeterAdapterOptions { Registry = registry, MetricFactory = null };
        ((Action<MeterAdapterOptions>)Configured.GetValue(null)!)(options);
        using var adapter = MeterAdapter.StartListening(options);

        var scrape = await Scrape.OfAsync(registry);
        return (scrape.Of("kafkacache_ours").Count(), scrape.Of("another_other").Count());
    }
}
