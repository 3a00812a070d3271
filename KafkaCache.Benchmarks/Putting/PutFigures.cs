namespace KafkaCaching.Benchmarks.Putting;

/// <summary>The times of each round in µs, by contender: with .NET's default settings, and with TieredPGO=0.</summary>
internal sealed record PutFigures(IReadOnlyList<double[][]> Default, IReadOnlyList<double[][]> WithoutPgo)
{
    /// <returns>The median of the quantiles of all rounds.</returns>
    public double Quantile(string contender, double quantile, bool tieredPgo = true) =>
        Of(contender, tieredPgo).Select(round => round.Quantile(quantile)).Median();

    /// <summary>The median over all rounds of the ratio of a round's medians.</summary>
    public double Ratio(string contender, string baseline, bool tieredPgo = true) => Statistics.MedianRatio(
        Of(contender, tieredPgo).Select(static round => round.Median()), Of(baseline, tieredPgo).Select(static round => round.Median()));

    private IEnumerable<double[]> Of(string contender, bool tieredPgo)
    {
        var index = PutContenders.All.Select(static one => one.Label).ToList().IndexOf(contender);
        return (tieredPgo ? Default : WithoutPgo).Select(round => round[index]);
    }
}
