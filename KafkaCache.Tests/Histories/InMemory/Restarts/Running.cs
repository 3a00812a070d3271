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

    /// <summary>Whether the log may have changed between the brokers' first response and its verification.</summary>
    public bool MayHaveChanged { get; set; }

    /// <summary>When the cache is ready, checks that it has started warm if and only if there was no reason against it.</summary>
    /// <returns>The reason for a cold start, once, when it becomes known.</returns>
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

    // A slow warm start may miss a tombstone and serve its key until the poller has measured the duration.
    private void ExpectRebuild(HistoryRules rules)
    {
        if (Cache.State.Current is { StartedFrom: { } file } generation
            && Cache.Clock.GetUtcNow() - file.Description.CaughtUp > rules.DeleteRetention * 0.9)
            Cache.GenerationOf(generation).MissesTombstones();
    }

    /// <summary>Whether the cache has read the whole log, with a generation that has missed nothing.</summary>
    public bool Rests(ModelTopic topic)
    {
        var (phase, current, _, _) = Cache.State.Snapshot();
        return phase == CachePhase.Ready && current!.IsLoaded && current.Positions.Count == topic.Partitions.Count
            && Cache.GenerationOf(current) is { MayMissTombstones: false, HasForeignRecords: false } read && read.Topic == topic
            && topic.Partitions.TrueForAll(
                log => read.Logs[log.Number] == log && current.Positions[log.Number].Position == log.HighWatermark);
    }
}
