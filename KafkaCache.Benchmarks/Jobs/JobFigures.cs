namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>What the rounds of one scheduler gave.</summary>
internal sealed class JobFigures(string name)
{
    public string Name => name;

    /// <summary>Seconds from each kill to the first step of the run that takes over.</summary>
    public List<double> Kills { get; } = [];

    public List<FreezeFigures> Freezes { get; } = [];

    public IEnumerable<double> Takeovers => Freezes.Select(static one => one.TakeoverSeconds);

    public IEnumerable<double> Overlaps => Freezes.Select(static one => one.OverlapSeconds);

    /// <summary>One round: a kill and a freeze.</summary>
    public async Task MeasureAsync(Func<Task<JobInstance>> start)
    {
        Kills.Add(await Takeover.KillAsync(start));
        Freezes.Add(await Takeover.FreezeAsync(start));
    }
}
