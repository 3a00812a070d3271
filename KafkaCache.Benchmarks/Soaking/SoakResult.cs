namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The result of a run.</summary>
internal sealed class SoakResult(
    SoakSettings settings, SoakFigures figures, Sampler sampler, LibraryLog log, long reads, IReadOnlyCollection<string> violations)
{
    public int Seed => settings.Seed;

    public string Command => settings.Command;

    public IReadOnlyCollection<string> Violations => violations;

    public IReadOnlyList<SoakMinute> Minutes => sampler.Minutes;

    public long ReadsChecked => reads;

    public SortedDictionary<string, long> Writes => figures.Operations.All();

    public SortedDictionary<string, long> PutsByOutcome => figures.Outcomes.All();

    public SortedDictionary<string, long> PutErrors => figures.PutErrors.All();

    public SortedDictionary<string, long> Checks => figures.Checks.All();

    /// <summary>The number of the library's log lines, by their event.</summary>
    public SortedDictionary<string, long> LibraryEvents => log.Events.All();

    /// <summary>The number of generations built, by cache; "cold" counts all caches that were started for a comparison.</summary>
    public SortedDictionary<string, long> Generations => log.Generations.All();

    public IReadOnlyCollection<Recovery> Faults => figures.Recoveries;

    public double StaleSeconds => sampler.Seconds(CachePhase.Stale);

    public double RebuildingSeconds => sampler.Seconds(CachePhase.Rebuilding);

    /// <summary>The ratio of the median of the last third of the samples to that of the second third. The first third is left out, because
    /// it includes one-time allocations.</summary>
    public double MemoryGrowth => Third(2).Median() / Third(1).Median();

    public Table Table()
    {
        var table = new Table("What", "how many");
        AddAll(table, "writes: ", Writes);
        AddAll(table, "puts: ", PutsByOutcome);
        table.Add("reads checked", ReadsChecked);
        AddAll(table, "checked: ", Checks);
        AddAll(table, "generations: ", Generations);
        AddAll(table, "library: ", LibraryEvents);
        foreach (
            var fault in Faults.GroupBy(static one => one.Fault, StringComparer.Ordinal)
                .OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            table.Add($"fault: {fault.Key}", fault.Count());
            table.Add("  s to recover, median", fault.Select(static one => one.Seconds).Median());
            table.Add("  s to recover, longest", fault.Max(static one => one.Seconds));
        }

        table.Add("s stale, all instances", StaleSeconds);
        table.Add("s rebuilding, all instances", RebuildingSeconds);
        table.Add("violations", Violations.Count);
        return table;
    }

    public IEnumerable<Goal> Goals()
    {
        yield return Goal.AtMost(0, "Violations", Violations.Count, "of what is promised");
        if (sampler.Resident.Count >= 3)
            yield return Goal.AtMost(1.1, "Resident memory, median of the last third", MemoryGrowth, "× that of the second third");
    }

    private IEnumerable<double> Third(int which) =>
        sampler.Resident.Take(((which + 1) * sampler.Resident.Count) / 3).Skip((which * sampler.Resident.Count) / 3);

    private static void AddAll(Table table, string prefix, SortedDictionary<string, long> counts)
    {
        foreach (var (name, count) in counts)
            table.Add(prefix + name, count);
    }
}
