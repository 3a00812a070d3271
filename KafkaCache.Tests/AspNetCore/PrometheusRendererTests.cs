using KafkaCaching.AspNetCore;
using Xunit;

namespace KafkaCaching.Tests.AspNetCore;

public class PrometheusRendererTests
{
    [Fact]
    public void A_family_is_one_block_with_help_and_type_first()
    {
        var family = new MetricFamily("kafkacache_lag", "gauge", "Records to apply.", [
            new MetricSample("", "topic=\"users\",partition=\"0\"", 7),
            new MetricSample("", "topic=\"users\",partition=\"1\"", 0),
        ]);

        Assert.Equal(
            """
            # HELP kafkacache_lag Records to apply.
            # TYPE kafkacache_lag gauge
            kafkacache_lag{topic="users",partition="0"} 7
            kafkacache_lag{topic="users",partition="1"} 0

            """,
            PrometheusRenderer.Render([family]));
    }

    [Fact]
    public void Help_is_escaped_and_a_sample_without_labels_has_no_braces() =>
        Assert.Equal(
            "# HELP x back\\\\slash\\nnext \"line\"\n# TYPE x counter\nx 1\n",
            PrometheusRenderer.Render([new MetricFamily("x", "counter", "back\\slash\nnext \"line\"", [new MetricSample("", "", 1)])]));

    [Fact]
    public void Labels_keep_their_order_and_their_values_are_escaped() =>
        Assert.Equal(
            "d=\"\",b_c=\"say \\\"hi\\\"\\nbye\",a=\"back\\\\slash\"",
            PrometheusRenderer.Labels([new("d", null), new("b.c", "say \"hi\"\nbye"), new("a", "back\\slash")]));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(1234567890123, "1234567890123")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Numbers_have_the_form_of_the_format(double value, string expected) =>
        Assert.Equal(expected, PrometheusRenderer.Number(value));
}
