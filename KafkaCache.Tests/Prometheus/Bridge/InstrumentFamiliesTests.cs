using System.Diagnostics.Metrics;
using KafkaCaching.Prometheus.Bridge;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus.Bridge;

public sealed class InstrumentFamiliesTests : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Meter _meter = new("of this test");

    public void Dispose() => _meter.Dispose();

    // A scrape may be written while the poll of the next scrape is in progress.
    [Fact]
    public async Task A_new_counter_is_not_shown_at_0_before_its_poll_is_over()
    {
        var family = new InstrumentFamilies(_registry)
            .Of(_meter.CreateObservableCounter("kafkacache.x", static () => 0L), NullLogger.Instance)!;
        family.Record(5, [new("cache", "users")]);
        Assert.Empty((await Scrape.OfAsync(_registry)).Samples);

        family.EndPoll([]);

        Assert.Equal(5, (await Scrape.OfAsync(_registry)).Value("kafkacache_x_total"));
    }

    [Fact]
    public void Kinds_that_the_library_does_not_have_are_left_out()
    {
        var families = new InstrumentFamilies(_registry);

        Assert.All(
            (Instrument[])[_meter.CreateCounter<int>("x"), _meter.CreateUpDownCounter<int>("x"), _meter.CreateHistogram<int>("x")],
            instrument => Assert.Null(families.Of(instrument, NullLogger.Instance)));
    }
}
