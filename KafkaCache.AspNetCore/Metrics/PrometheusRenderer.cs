using System.Buffers;
using System.Globalization;
using System.Text;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>Writes metric families, in the Prometheus text format 0.0.4 or in OpenMetrics 1.0.0.</summary>
internal sealed class PrometheusRenderer(IBufferWriter<byte> output, ExpositionFormat format)
{
    // Integers up to here are exact in a double, and are written without an exponent.
    private const double ExactIntegers = 1L << 53;

    public void Render(IEnumerable<MetricFamily> families)
    {
        foreach (var family in families)
            Write(family);
        if (format == ExpositionFormat.OpenMetrics)
            output.Write("# EOF\n"u8);
    }

    private void Write(MetricFamily family)
    {
        var isOpenMetrics = format == ExpositionFormat.OpenMetrics;
        var name = isOpenMetrics && family.Type is "counter" ? PrometheusNames.WithoutTotal(family.Name) : family.Name;
        Write($"# HELP {name} {(isOpenMetrics ? PrometheusEscape.Quoted(family.Help) : PrometheusEscape.Unquoted(family.Help))}\n");
        Write($"# TYPE {name} {family.Type}\n");
        if (isOpenMetrics && family.Unit.Length > 0)
            Write($"# UNIT {name} {family.Unit}\n");
        foreach (var sample in family.Samples)
            Write(family.Name, sample);
    }

    private void Write(string name, MetricSample sample)
    {
        Write(name);
        Write(sample.Suffix);
        if (sample.Labels.Length > 0)
        {
            output.Write("{"u8);
            Write(sample.Labels);
            output.Write("}"u8);
        }

        output.Write(" "u8);
        Write(sample.Value);
        output.Write("\n"u8);
    }

    private void Write(string text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    private void Write(double value)
    {
        const int longest = 32;
        if (double.IsInfinity(value))
        {
            output.Write(value > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }

        var span = output.GetSpan(longest);
        int written;
        if (Math.Abs(value) <= ExactIntegers && value == Math.Truncate(value))
            ((long)value).TryFormat(span, out written, provider: CultureInfo.InvariantCulture);
        else
            value.TryFormat(span, out written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
