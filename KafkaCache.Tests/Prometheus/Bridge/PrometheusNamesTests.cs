using KafkaCaching.Prometheus.Bridge;

namespace KafkaCaching.Tests.Prometheus.Bridge;

public sealed class PrometheusNamesTests
{
    [Theory]
    [InlineData("kafkacache.lag", "{record}", "kafkacache_lag")]
    [InlineData("kafkacache.high_watermark", null, "kafkacache_high_watermark")]
    [InlineData("kafkacache.memory", "By", "kafkacache_memory_bytes")]
    [InlineData("kafkacache.put.duration", "s", "kafkacache_put_duration_seconds")]
    public void An_instrument_takes_its_unit_into_its_name(string instrument, string? unit, string expected) =>
        Assert.Equal(expected, PrometheusNames.Of(instrument, unit));

    [Theory]
    [InlineData("kafkacache.records.applied", "{record}", "kafkacache_records_applied_total")]
    [InlineData("kafkacache.applied", "By", "kafkacache_applied_bytes_total")]
    public void A_counter_ends_in_total(string instrument, string? unit, string expected) =>
        Assert.Equal(expected, PrometheusNames.OfCounter(instrument, unit));
}
