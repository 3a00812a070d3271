using KafkaCaching.Changes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Snapshots.Format;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations.Supervision;

/// <summary>Runs after each batch of a generation: it makes the generation serve when it is ready, releases waiters, checks the stale
/// clock, and ends the loop on request.</summary>
internal sealed class GenerationObserver(
    Generation generation, LoopRequests requests, CacheState state, PositionWaiters waiters, ChangeFeed changes, StaleClock clock,
    SupervisorSettings settings, ILogger logger) : IReplayObserver
{
    private static readonly TimeSpan WatermarkInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = settings.Time;
    private readonly ExpirySweeper? _sweeper = settings.Expires ? new(generation, changes, settings.Time) : null;
    private readonly SilentBroker _silence = new(settings.Topic, logger);
    private IRecordSource? _source;
    private bool _isServing;
    private long _watermarksSeen;

    /// <summary>Takes snapshots, if the cache writes any.</summary>
    public SnapshotTaker? Snapshots { get; init; }

    public void ReadsFrom(IRecordSource source)
    {
        _source = source;
        requests.GoTo(source);
        generation.ReadsFrom(source.Kind);
        clock.ReplayIs("reading");

        // The first call is made now rather than in the middle of the replay, because .NET postpones tier-1 compilation while methods are
        // still being called for the first time.
        LookAtHighWatermarks();
    }

    public void Taken(RecordBatch batch) => requests.Deliveries.Took(batch);

    public void Applying() => changes.BeginBatch();

    public void Applied() => changes.EndBatch();

    public void AmidBatch()
    {
        LookAtLoad();
        if (!_isServing && generation.Positions.HaveReachedTargets)
            Serve();
        waiters.Release(generation.Positions);
        LookAtTheClock();
    }

    public ReplayEnd? AfterBatch()
    {
        requests.ThrowWatchFailure();
        AmidBatch();
        _sweeper?.AfterBatch();
        Snapshots?.AfterBatch();
        var end = ReplayEnds.MoreSerious(requests.Take(), _silence.Look(_source?.Connections, requests.Deliveries));
        if (end is not null)
            clock.ReplayIs("closing its consumer");
        return end;
    }

    /// <summary>Called when the replay thread leaves this generation, which continues to serve.</summary>
    /// <exception cref="SnapshotException">The file can't be loaded.</exception>
    public void EndLoad()
    {
        if (generation.EndLoad())
            Loaded();
    }

    private void LookAtLoad()
    {
        if (generation.LookAtLoad())
            Loaded();
    }

    // Entries that have expired are swept first, so that they are not reported to watchers.
    private void Loaded()
    {
        _sweeper?.BeforeServing();
        changes.Loaded();
    }

    private void Serve()
    {
        var elapsed = generation.Started.ElapsedAwake;
        generation.EndReplay(elapsed);
        _isServing = true;
        _sweeper?.BeforeServing();
        Generation? retired = null;
        changes.Serve(() => retired = state.Serve(_time.GetElapsedTime(settings.Created)), generation);
        retired?.Release();
        waiters.Follow(generation.Positions);
        Snapshots?.Serving();
        // The load does not begin earlier, because its processor time would delay readiness.
        generation.Unloaded?.BeginLoad();
        Log.Ready(logger, settings.Topic, generation.Number, generation.Store.Count, generation.RecordsApplied, elapsed.TotalMilliseconds);
    }

    private void LookAtTheClock()
    {
        if (_time.GetElapsedTime(_watermarksSeen) < WatermarkInterval)
            return;
        LookAtHighWatermarks();
        clock.Check();
    }

    private void LookAtHighWatermarks()
    {
        _watermarksSeen = _time.GetTimestamp();
        foreach (var partition in generation.Positions.Partitions)
            partition.SawHighWatermark(_source?.HighWatermark(partition.Partition) ?? -1);
    }
}
