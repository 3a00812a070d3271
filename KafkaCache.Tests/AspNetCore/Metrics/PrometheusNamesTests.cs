using KafkaCaching.AspNetCore.Metrics;
using Xunit;

namespace KafkaCaching.Tests.AspNetCore.Metrics;

public class PrometheusNamesTests
{
    [Theory]
    [InlineData("kafkacache.lag", "{record}", false, "kafkacache_lag")]
    [InlineData("kafkacache.high_watermark", null, false, "kafkacache_high_watermark")]
    [InlineData("kafkacache.ready", "1", false, "kafkacache_ready")]
    [InlineData("kafkacache.records.applied", "{record}", true, "kafkacache_records_applied_total")]
    [InlineData("kafkacache.memory", "By", false, "kafkacache_memory_bytes")]
    [InlineData("kafkacache.put.duration", "s", false, "kafkacache_put_duration_seconds")]
    [InlineData("kafkacache.read", "By/s", false, "kafkacache_read_bytes_per_second")]
    [InlineData("kafkacache.time_seconds", "s", false, "kafkacache_time_seconds")]
    [InlineData("kafkacache.seen_total", "", true, "kafkacache_seen_total")]
    [InlineData("9-lives", null, false, "_9_lives")]
    public void An_instrument_takes_its_Prometheus_name(string instrument, string? unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusNames.Of(instrument, unit, isCounter));

    [Theory]
    [InlineData("topic", "topic")]
    [InlineData("messaging.system", "messaging_system")]
    [InlineData("a:b", "a_b")]
    [InlineData("1st", "_1st")]
    [InlineData("", "_")]
    public void A_tag_takes_a_legal_label_name(string tag, string expected) =>
        Assert.Equal(expected, PrometheusNames.Label(tag));

    [Theory]
    [InlineData("kafkacache_reads_total", "kafkacache_reads")]
    [InlineData("kafkacache_total_reads", "kafkacache_total_reads")]
    public void A_counters_family_in_OpenMetrics_is_named_without_total(string name, string expected) =>
        Assert.Equal(expected, PrometheusNames.WithoutTotal(name));
}
