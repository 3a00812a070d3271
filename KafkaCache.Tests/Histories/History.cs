namespace KafkaCaching.Tests.Histories;

internal enum StepKind
{
    Produce,
    Begin,
    ProduceInTransaction,
    Commit,
    Abort,
    Turn,
    CatchUp,
    PassTime,
    BreakSource,
    Noise,
    TroubleBrokers,
    MendBrokers,
    Clean,
    DeleteRecords,
    Truncate,
    Grow,
    DeleteTopic,
    CreateTopic,
    StartCache,
    StopCache,
    Wait,
    Put,
    Remove,
    Elect,
    Snapshot,
    HoldSnapshot,
    LetSnapshotGo,
    Rest,
}

/// <summary>One step. The meaning of its two numbers depends on the current state, so that any subset of the steps is a valid history
/// too.</summary>
internal readonly record struct HistoryStep(StepKind Kind, int Which, int Seed)
{
    public override string ToString() => $"{Kind} {Which} {Seed}";
}

/// <summary>A random history: its rules and steps, which are derived from the seed.</summary>
internal sealed record History(ulong Seed, HistoryRules Rules, IReadOnlyList<HistoryStep> Steps)
{
    private const int MaxSteps = 150;

    private static readonly StepKind[] Weighted =
    [
        .. Enumerable.Repeat(StepKind.Produce, 30), .. Enumerable.Repeat(StepKind.Begin, 3),
        .. Enumerable.Repeat(StepKind.ProduceInTransaction, 6),
        .. Enumerable.Repeat(StepKind.Commit, 4), .. Enumerable.Repeat(StepKind.Abort, 3), .. Enumerable.Repeat(StepKind.Turn, 60),
        .. Enumerable.Repeat(StepKind.CatchUp, 6),
        .. Enumerable.Repeat(StepKind.PassTime, 12), .. Enumerable.Repeat(StepKind.BreakSource, 3), .. Enumerable.Repeat(StepKind.Noise, 2),
        .. Enumerable.Repeat(StepKind.TroubleBrokers, 2), .. Enumerable.Repeat(StepKind.MendBrokers, 4),
        .. Enumerable.Repeat(StepKind.Clean, 10),
        .. Enumerable.Repeat(StepKind.DeleteRecords, 2), StepKind.Truncate, StepKind.Grow, StepKind.DeleteTopic,
        .. Enumerable.Repeat(StepKind.CreateTopic, 2),
        .. Enumerable.Repeat(StepKind.StartCache, 2), StepKind.StopCache, .. Enumerable.Repeat(StepKind.Wait, 10),
    ];

    /// <summary>Creates a history for the in-memory model.</summary>
    public static History Of(ulong seed) => Of(seed, Weighted, MaxSteps);

    public static History Of(ulong seed, StepKind[] weighted, int mostSteps)
    {
        var random = new Random(seed.GetHashCode());
        var rules = HistoryRules.Random(random);
        var steps = new HistoryStep[random.Next(Math.Min(20, mostSteps / 2), mostSteps)];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = new HistoryStep(weighted[random.Next(weighted.Length)], random.Next(1_000), random.Next(1_000_000));
        return new History(seed, rules, steps);
    }

    public override string ToString() => $"{Rules}\n{string.Join('\n', Steps.Select(static (step, i) => $"{i,4} {step}"))}";
}
