namespace KafkaCaching.Benchmarks;

/// <summary>Statistics that tolerate a noisy machine.</summary>
internal static class Statistics
{
    public static double Median(this IEnumerable<double> values) => values.Quantile(0.5);

    public static double Quantile(this IEnumerable<double> values, double quantile)
    {
        double[] sorted = [.. values.Order()];
        var at = quantile * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (at - below));
    }

    /// <summary>The median of the ratios of all rounds. A temporary slowdown of the machine affects both sides of a ratio.</summary>
    public static double MedianRatio(IEnumerable<double> values, IEnumerable<double> baselines) =>
        values.Zip(baselines, static (value, baseline) => value / baseline).Median();
}
