using System.Buffers;
using System.Text;
using KafkaCaching.AspNetCore.Metrics;
using Xunit;

namespace KafkaCaching.Tests.AspNetCore.Metrics;

public class PrometheusRendererTests
{
    private static readonly MetricFamily Lag = new("kafkacache_lag", "gauge", "", "Records to apply.", [
        new MetricSample("", "topic=\"users\",partition=\"0\"", 7),
        new MetricSample("", "topic=\"users\",partition=\"1\"", 0),
    ]);

    private static readonly MetricFamily AppliedBytes = new("kafkacache_applied_bytes_total", "counter", "bytes", "A \"quoted\" help,\nwith a \\.", [new MetricSample("", "", 1)]);

    [Fact]
    public void A_family_is_one_block_with_help_and_type_first() => Assert.Equal(
        """
        # HELP kafkacache_lag Records to apply.
        # TYPE kafkacache_lag gauge
        kafkacache_lag{topic="users",partition="0"} 7
        kafkacache_lag{topic="users",partition="1"} 0

        """,
        Render(ExpositionFormat.Text, Lag));

    [Fact]
    public void A_counter_in_the_text_format_has_its_full_name_an_unquoted_help_and_no_unit() => Assert.Equal(
        """
        # HELP kafkacache_applied_bytes_total A "quoted" help,\nwith a \\.
        # TYPE kafkacache_applied_bytes_total counter
        kafkacache_applied_bytes_total 1

        """,
        Render(ExpositionFormat.Text, AppliedBytes));

    [Fact]
    public void A_counter_in_OpenMetrics_is_a_family_without_total_with_a_quoted_help_and_its_unit_and_the_scrape_has_an_end() => Assert.Equal(
        """
        # HELP kafkacache_lag Records to apply.
        # TYPE kafkacache_lag gauge
        kafkacache_lag{topic="users",partition="0"} 7
        kafkacache_lag{topic="users",partition="1"} 0
        # HELP kafkacache_applied_bytes A \"quoted\" help,\nwith a \\.
        # TYPE kafkacache_applied_bytes counter
        # UNIT kafkacache_applied_bytes bytes
        kafkacache_applied_bytes_total 1
        # EOF

        """,
        Render(ExpositionFormat.OpenMetrics, Lag, AppliedBytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(1234567890123, "1234567890123")]
    [InlineData(9007199254740992, "9007199254740992")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Numbers_have_the_form_of_the_format(double value, string expected) => Assert.EndsWith(
        $"\nx {expected}\n",
        Render(ExpositionFormat.Text, new MetricFamily("x", "gauge", "", "X.", [new MetricSample("", "", value)])),
        StringComparison.Ordinal);

    private static string Render(ExpositionFormat format, params MetricFamily[] families)
    {
        var output = new ArrayBufferWriter<byte>();
        new PrometheusRenderer(output, format).Render(families);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
