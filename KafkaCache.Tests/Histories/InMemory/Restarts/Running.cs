using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>The cache of a history between a start and the next stop.</summary>
internal sealed class Running
{
    private bool _isChecked;

    public Running(int number, HistoryRules rules, ModelKafka kafka, DateTimeOffset start, ModelSnapshots snapshots)
    {
        Cache = new ModelCache(number, rules, kafka, start, snapshots);
        Witness = new Witness(Cache, rules);
    }

    public ModelCache Cache { get; }

    public Witness Witness { get; }

    public bool IsReady => Cache.State.Ready.IsDone;

    /// <summary>Whether something happened to the log between the brokers' first answer and the proof that it is the file's.</summary>
    public bool MayHaveChanged { get; set; }

    /// <summary>Once it is ready: it started warm if, and only if, nothing stood against it.</summary>
    /// <returns>Why it started cold, when this is known for the first time.</returns>
    public ColdStartReason? LookAtStart(IReadOnlySet<ColdStartReason>? implied, HistoryRules rules)
    {
        if (_isChecked || !IsReady)
            return null;
        _isChecked = true;
        var start = Cache.StartStatus!;
        Assert.True(
            start.IsWarm ? implied!.Count == 0
                : implied!.Contains(start.Reason) || (MayHaveChanged && start.Reason == ColdStartReason.LogChanged),
            $"It started with {start.Reason} ({start.Problem}), and the history implies [{string.Join(", ", implied!)}].");
        ExpectRebuild(rules);
        return start.Reason;
    }

    // A warm start that is slow may serve a key whose tombstone is gone, until the watch has seen how long it took.
    private void ExpectRebuild(HistoryRules rules)
    {
        if (Cache.State.Current is { StartedFrom: { } file } generation
            && Cache.Clock.GetUtcNow() - file.Description.CaughtUp > rules.DeleteRetention * 0.9)
            Cache.GenerationOf(generation).MissesTombstones();
    }

    /// <summary>Whether it has read the whole log, by a generation that has missed nothing.</summary>
    public bool Rests(ModelTopic topic)
    {
        var (phase, current, _, _) = Cache.State.Snapshot();
        return phase == CachePhase.Ready && current!.IsLoaded && current.Positions.Count == topic.Partitions.Count
            && Cache.GenerationOf(current) is { MayMissTombstones: false, HasForeignRecords: false } read && read.Topic == topic
            && topic.Partitions.TrueForAll(
                log => read.Logs[log.Number] == log && current.Positions[log.Number].Position == log.HighWatermark);
    }
}
