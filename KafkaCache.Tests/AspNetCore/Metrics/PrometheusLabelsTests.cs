using System.Diagnostics.Metrics;
using KafkaCaching.AspNetCore.Metrics;
using Xunit;

namespace KafkaCaching.Tests.AspNetCore.Metrics;

public class PrometheusLabelsTests
{
    [Fact]
    public void Labels_keep_their_order_and_their_values_are_escaped() => Assert.Equal(
        "d=\"\",b_c=\"say \\\"hi\\\"\\nbye\",a=\"back\\\\slash\",partition=\"-7\",x=\"1.5\"",
        PrometheusLabels.Of([new("d", null), new("b.c", "say \"hi\"\nbye"), new("a", "back\\slash"), new("partition", -7), new("x", 1.5)]));

    [Fact]
    public void Of_two_tags_with_one_label_name_the_later_stands() =>
        Assert.Equal("c=\"2\",a_b=\"3\"", PrometheusLabels.Of([new("a.b", 1), new("c", 2), new("a_b", 3)]));

    [Fact]
    public void A_value_longer_than_the_buffer_is_whole()
    {
        using var meter = new Meter("of this test");
        var series = InstrumentSeries.For(meter.CreateCounter<long>("x"))!;
        var name = new string('n', 5_000);
        PrometheusLabels.Record(series, 3, [new("name", name)]);
        var samples = new List<MetricSample>();

        series.CopyTo(samples);

        Assert.Equal([new MetricSample("", $"name=\"{name}\"", 3)], samples);
    }

    [Fact]
    public void A_series_seen_before_is_recorded_without_allocation()
    {
        using var meter = new Meter("of this test");
        var series = InstrumentSeries.For(meter.CreateObservableGauge("x", () => 1))!;
        KeyValuePair<string, object?>[] tags = [new("cache", "users"), new("topic", "users"), new("partition", 42)];
        PrometheusLabels.Record(series, 1, tags);
        var before = GC.GetAllocatedBytesForCurrentThread();

        PrometheusLabels.Record(series, 2, tags);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
