namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>The results of one scheduler's rounds.</summary>
internal sealed class JobFigures(string name)
{
    public string Name => name;

    /// <summary>The seconds from each kill to the first step of the run that replaced it.</summary>
    public List<double> Kills { get; } = [];

    public List<FreezeFigures> Freezes { get; } = [];

    public IEnumerable<double> Takeovers => Freezes.Select(static one => one.TakeoverSeconds);

    public IEnumerable<double> Overlaps => Freezes.Select(static one => one.OverlapSeconds);

    /// <summary>Measures one round: a kill and a freeze.</summary>
    public async Task MeasureAsync(Func<Task<JobInstance>> start, Func<string, string, int> stepsAfter)
    {
        Kills.Add(await Takeover.KillAsync(start));
        Freezes.Add(await Takeover.FreezeAsync(start, stepsAfter));
    }
}
