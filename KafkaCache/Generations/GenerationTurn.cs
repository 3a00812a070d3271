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
    private const int MaxDoublings = 6;

    private static readonly TimeSpan WatermarkInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = settings.Time;
    private volatile IRecordSource? _source;
    private bool _isServing;
    private volatile ExceptionDispatchInfo? _watchFailure;
    private Request? _request;
    private long _watermarksSeen;
    private int _silences;
    private long _recordsAtSilence;

    /// <summary>What the generation's sources have delivered.</summary>
    public Deliveries Deliveries { get; } = new(settings.Time);

    public void ReadsFrom(IRecordSource source)
    {
        _source = source;
        generation.ReadsFrom(source.Kind);
        Deliveries.ComeFrom(source);
        clock.ReplayIs("reading");

        // Now, and not for the first time amid the replay: .NET puts off its second tier for as long as something is called that never was before.
        LookAtHighWatermarks();
    }

    /// <summary>The watch: another topic stands under the name now, or the log ends before what the replay goes for. The loop ends for it on its next turn.</summary>
    public void LogChanged() => Ask(ReplayEnd.LogChanged);

    /// <summary>The watch: the topic has more partitions now. They join on the loop's next turn, which ends it for a source that reads them too.</summary>
    public void PartitionsAdded(PartitionProgress[] added) => Ask(ReplayEnd.PartitionsAdded, added);

    /// <summary>The watch: the consumer has fallen silent. The loop ends for another, unless records have come by its next turn, or another is there.</summary>
    public void SourceStalled() => Ask(ReplayEnd.SourceBroken);

    /// <summary>The watch: tombstones may have been cleaned away unread. The loop ends for it on its next turn.</summary>
    public void TombstonesMissed() => Ask(ReplayEnd.TombstonesMissed);

    /// <summary>Any thread: the watch on the topic has ended by an error. The loop ends by it on its next turn.</summary>
    public void WatchFailed(Exception cause)
    {
        _watchFailure = ExceptionDispatchInfo.Capture(cause);
        _source?.Wake();
    }

    public void Taken(RecordBatch batch) => Deliveries.Took(batch);

    public void AmidBatch()
    {
        if (!_isServing && generation.Positions.HaveReachedTargets)
            Serve();
        waiters.Release(generation.Positions);
        LookAtTheClock();
    }

    public ReplayEnd? AfterBatch()
    {
        _watchFailure?.Throw();
        AmidBatch();
        var end = ReplayEnds.Graver(Asked(), LookForSilence());
        if (end is not null)
            clock.ReplayIs("closing its consumer");
        return end;
    }

    // The watch alone asks.
    private void Ask(ReplayEnd end, PartitionProgress[]? added = null)
    {
        if (ReplayEnds.Graver(Volatile.Read(ref _request)?.End, end) == end)
            Volatile.Write(ref _request, new Request(end, added, _source, Deliveries.Records));
        _source?.Wake();
    }

    private ReplayEnd? Asked()
    {
        if (Volatile.Read(ref _request) is null)
            return null;
        var request = Interlocked.Exchange(ref _request, null)!;
        if (request.Added is { } added && added[0].Partition == generation.Positions.Count)
            generation.Positions.Add(added);

        if (request.End != ReplayEnd.SourceBroken)
            return request.End;
        if (request.Source != _source || request.RecordsDelivered != Deliveries.Records)
            return null;
        Log.SourceStalled(logger, settings.Topic);
        return ReplayEnd.SourceBroken;
    }

    // Not for the watch: it asks every few seconds, and whether there is anything new in the log.
    private ReplayEnd? LookForSilence()
    {
        if (_source?.Connections is not { } connections || connections.MostSilent is not { } silent || silent.For < SilenceLimit(connections))
            return null;
        (_silences, _recordsAtSilence) = (Math.Min(_silences + 1, MaxDoublings), Deliveries.Records);
        Log.BrokerSilent(logger, settings.Topic, silent.Broker, silent.For.TotalSeconds);
        return ReplayEnd.SourceBroken;
    }

    // Doubled each time in vain, as a broker that never gets round to an answer isn't helped by being asked again and again.
    private TimeSpan SilenceLimit(Connections connections)
    {
        if (Deliveries.Records != _recordsAtSilence)
            _silences = 0;
        return connections.SilenceLimit * (1 << _silences);
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

    private sealed record Request(ReplayEnd End, PartitionProgress[]? Added, IRecordSource? Source, long RecordsDelivered);
}
