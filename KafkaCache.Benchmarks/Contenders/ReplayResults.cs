namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>The measurements of all rounds, by contender.</summary>
internal sealed record ReplayResults(IReadOnlyList<Measurement> Measurements)
{
    public bool Has(params ReadOnlySpan<string> contenders)
    {
        foreach (var contender in contenders)
        {
            if (!Of(contender).Any())
                return false;
        }

        return true;
    }

    public double Median(string contender, Func<Measurement, double> figure) => Of(contender).Select(figure).Median();

    /// <summary>The contender's figure as a multiple of the baseline's, round by round.</summary>
    public double Ratio(string contender, string baseline, Func<Measurement, double> figure) =>
        Statistics.MedianRatio(Of(contender).Select(figure), Of(baseline).Select(figure));

    private IEnumerable<Measurement> Of(string contender) => Measurements.Where(one => one.Contender == contender);
}
