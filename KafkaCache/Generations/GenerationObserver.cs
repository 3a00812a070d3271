using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>What follows each batch of a generation: readiness, the release of waiters, the stale clock, and the end of a loop that is
/// asked to end.</summary>
internal sealed class GenerationObserver(
    Generation generation, LoopRequests requests, CacheState state, PositionWaiters waiters, StaleClock clock, SupervisorSettings settings,
    ILogger logger) : IReplayObserver
{
    private static readonly TimeSpan WatermarkInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = settings.Time;
    private readonly SilentBroker _silence = new(settings.Topic, logger);
    private IRecordSource? _source;
    private bool _isServing;
    private long _watermarksSeen;

    public void ReadsFrom(IRecordSource source)
    {
        _source = source;
        requests.GoTo(source);
        generation.ReadsFrom(source.Kind);
        clock.ReplayIs("reading");

        // Now, and not for the first time amid the replay: .NET puts off its second tier for as long as something is called that never was
        // before.
        LookAtHighWatermarks();
    }

    public void Taken(RecordBatch batch) => requests.Deliveries.Took(batch);

    public void AmidBatch()
    {
        if (!_isServing && generation.Positions.HaveReachedTargets)
            Serve();
        waiters.Release(generation.Positions);
        LookAtTheClock();
    }

    public ReplayEnd? AfterBatch()
    {
        requests.ThrowWatchFailure();
        AmidBatch();
        var end = ReplayEnds.Graver(requests.Take(), _silence.Look(_source?.Connections, requests.Deliveries));
        if (end is not null)
            clock.ReplayIs("closing its consumer");
        return end;
    }

    private void Serve()
    {
        var elapsed = _time.GetElapsedTime(generation.Started);
        generation.EndReplay(elapsed);
        _isServing = true;
        state.Serve(_time.GetElapsedTime(settings.Created))?.Store.Dispose();
        waiters.Follow(generation.Positions);
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
