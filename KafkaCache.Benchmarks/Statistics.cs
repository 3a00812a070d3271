namespace KafkaCaching.Benchmarks;

/// <summary>Figures that bear a noisy machine.</summary>
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

    /// <summary>The median over the rounds of each round's own ratio: what slows the machine for a while slows both sides of it.</summary>
    public static double MedianRatio(IEnumerable<double> values, IEnumerable<double> baselines) =>
        values.Zip(baselines, static (value, baseline) => value / baseline).Median();
}
