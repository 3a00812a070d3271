using System.Runtime.ExceptionServices;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>What follows each batch of a generation: readiness, those who wait, and the clock.</summary>
internal sealed class GenerationTurn(
    Generation generation, CacheState state, PositionWaiters waiters, StaleClock clock, SupervisorSettings settings, ILogger logger) : IReplayObserver
{
    private static readonly TimeSpan WatermarkInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = settings.Time;
    private IRecordSource? _source;
    private bool _isServing;
    private volatile bool _topicReplaced;
    private volatile bool _partitionsAdded;
    private volatile ExceptionDispatchInfo? _watchFailure;
    private long _watermarksSeen;

    public void ReadsFrom(IRecordSource source)
    {
        _source = source;
        generation.ReadsFrom(source.Kind);
    }

    /// <summary>Any thread: another topic stands under the name now. The loop ends for it on its next turn.</summary>
    public void TopicReplaced() => _topicReplaced = true;

    /// <summary>Any thread: the topic has more partitions now. The loop ends for it on its next turn.</summary>
    public void PartitionsAdded() => _partitionsAdded = true;

    /// <summary>Any thread: the watch on the topic has ended by an error. The loop ends by it on its next turn.</summary>
    public void WatchFailed(Exception cause) => _watchFailure = ExceptionDispatchInfo.Capture(cause);

    public ReplayEnd? AfterBatch()
    {
        _watchFailure?.Throw();
        if (!_isServing && generation.Positions.HaveReachedTargets)
            Serve();
        waiters.Release(generation.Positions);
        LookAtTheClock();
        return _topicReplaced ? ReplayEnd.LogChanged
            : _partitionsAdded ? ReplayEnd.PartitionsAdded
            : null;
    }

    private void Serve()
    {
        var elapsed = _time.GetElapsedTime(generation.Started);
        generation.EndReplay(elapsed);
        _isServing = true;
        state.Serve()?.Store.Dispose();
        waiters.Follow(generation.Positions);
        Log.Ready(logger, settings.Topic, generation.Number, generation.Store.Count, generation.RecordsApplied, elapsed.TotalMilliseconds);
    }

    private void LookAtTheClock()
    {
        if (_time.GetElapsedTime(_watermarksSeen) < WatermarkInterval)
            return;
        _watermarksSeen = _time.GetTimestamp();
        foreach (var partition in generation.Positions.Partitions)
            partition.SawHighWatermark(_source?.HighWatermark(partition.Partition) ?? -1);
        clock.Check();
    }
}
