using KafkaCaching.Changes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Generations.Watch;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations.Supervision;

/// <summary>Owns the replay thread. The thread builds a generation, replays the log into it, and builds another one when the log has
/// changed. An error that ends the thread faults the cache and is reported to every waiter.</summary>
internal sealed class Supervisor : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly ReplayParts _parts;
    private readonly SupervisorSettings _settings;
    private readonly CacheState _state;
    private readonly PositionWaiters _waiters;
    private readonly ChangeFeed _changes;
    private readonly RecordErrorSettlement _recordErrors;
    private readonly ILogger _logger;
    private readonly StaleClock _clock;
    private readonly GenerationBuilder _builder;
    private readonly WarmStart _warmStart;
    private readonly SnapshotKeeper? _snapshots;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private AppliedSoFar _applied = new(RecordsBefore: 0, BytesBefore: 0, Latest: null);
    private long _recreations;
    private ReplayLoop? _loop;
    private int _left;

    public Supervisor(
        ReplayParts parts, SupervisorSettings settings, CacheState state, PositionWaiters waiters, ChangeFeed changes,
        RecordErrorSettlement recordErrors, ILogger logger)
    {
        _parts = parts;
        _settings = settings;
        _state = state;
        _waiters = waiters;
        _changes = changes;
        _recordErrors = recordErrors;
        _logger = logger;
        _clock = new StaleClock(state, settings, logger);
        _builder = new GenerationBuilder(parts, settings, state, _clock, logger);
        _warmStart = new WarmStart(settings.Snapshots, parts, settings.Topic, settings.Time, logger);
        _snapshots = settings.Snapshots is { Unsupported: null } snapshots ? new SnapshotKeeper(snapshots, logger) : null;
        _thread = new Thread(Run) { IsBackground = true, Name = $"KafkaCache {settings.Name}" };
    }

    /// <summary>Totals of all generations.</summary>
    public ReplayTotals Totals
    {
        get
        {
            var applied = Volatile.Read(ref _applied);
            return new ReplayTotals(
                applied.Records, applied.Bytes, Math.Max(0, (applied.Latest?.Number ?? 0) - 1), Volatile.Read(ref _recreations));
        }
    }

    /// <summary>Whether the replay thread is alive. If it is not, the cache has faulted or stopped: the thread sets that state before it
    /// ends.</summary>
    public bool IsRunning => _thread.IsAlive;

    /// <summary>Whether the caller is on the replay thread, in user code that the replay calls.</summary>
    public bool IsCurrentThread => Thread.CurrentThread == _thread;

    /// <summary>How long ago the brokers last confirmed that the replay keeps up with the log.</summary>
    public TimeSpan SinceConfirmed => _clock.SinceConfirmed;

    /// <summary>How the first generation started; <see langword="null"/> until that has been decided.</summary>
    public StartStatus? StartStatus => _warmStart.Status;

    /// <summary>Writes the snapshots, if there are any.</summary>
    public SnapshotKeeper? Snapshots => _snapshots;

    /// <summary>The state of the snapshots that are written; <see langword="null"/> if no directory is set.</summary>
    public SnapshotStatus? SnapshotStatus =>
        _settings.Snapshots is not { } settings ? null
        : (_snapshots?.Status ?? new SnapshotStatus { Unavailable = settings.Unsupported }) with { Path = settings.Files.Current };

    /// <summary>Starts the replay outside the execution context of the code that created the cache, because the logging scopes of that code
    /// do not apply to the replay.</summary>
    public void Start() => _thread.UnsafeStart();

    /// <summary>Stops the replay and waits until its thread has released the clients. The wait is limited, because the thread may be in a
    /// resolver or a validator that does not return.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _snapshots?.Dispose();
        var isLate = !IsCurrentThread && !_thread.Join(StopTimeout);
        ReleaseAfterBoth();

        // On an overloaded machine, the thread may be late at any point. User code or the store can be the cause only while the thread is
        // applying records.
        if (isLate && Volatile.Read(ref _loop) is { IsApplying: true })
            Log.ReplayThreadStuck(_logger, _settings.Topic, StopTimeout.TotalSeconds);
    }

    // Called twice: when the thread has ended and when the cache is disposed of. Only the second call releases the stores. The first call
    // must not release them, because a faulted cache may still be read, and because the thread may still be writing after Dispose has given
    // up waiting for it.
    private void ReleaseAfterBoth()
    {
        if (Interlocked.Increment(ref _left) != 2)
            return;
        _stopping.Dispose();
        foreach (var generation in _state.Held())
            generation.Release();
    }

    private void Run()
    {
        ITopic? topic = null;
        try
        {
            _warmStart.Begin(_stopping.Token);
            topic = _parts.OpenTopic();
            _warmStart.AskForPolicy(topic, _stopping.Token);
            var end = ReplayEnd.Stopped;
            while (!_stopping.IsCancellationRequested)
            {
                // No local variable here references a generation. This method runs only once, so .NET does not optimize it, and its
                // variables stay alive until it returns. A variable that referenced the previous generation would keep the replaced store
                // in memory.
                end = Follow(Build(topic, end), topic);

                // Without a pause, a log that keeps changing would cause a busy loop.
                Retry.Wait(_settings.RetryPause, _settings.Time, _stopping.Token);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException
            or ObjectDisposedException && _stopping.IsCancellationRequested)
        {
            // The cache was stopped while the thread was waiting for a response or was about to send a request. This is the normal exit.
        }
        catch (Exception cause)
        {
            if (_state.Fault(cause))
            {
                _waiters.End(() => _state.Faulted(cause));
                _changes.End(() => _state.Faulted(cause));
            }

            Log.Faulted(_logger, cause, _settings.Topic);
            EndLoads(cause);
        }
        finally
        {
            // Through these calls, a topic log may learn that the replay has ended. They therefore come after the state has been set that
            // shows how it ended.
            _warmStart.End();
            topic?.Dispose();
            ReleaseAfterBoth();
        }
    }

    // If a faulted cache is still readable, the load of its snapshot is completed. Otherwise, callers that wait for the load receive the
    // fault.
    private void EndLoads(Exception cause)
    {
        foreach (var generation in _state.Held())
        {
            if (generation.Unloaded is not { } unloaded)
                continue;
            try
            {
                if (_state.Readable == generation)
                    generation.EndLoad();
                else
                    unloaded.Fail(_state.Faulted(cause));
            }
            catch (Exception)
            {
                // The fault has already been reported, and an exception on this thread would end the process.
                unloaded.Fail(_state.Faulted(cause));
            }
        }
    }

    private Generation Build(ITopic topic, ReplayEnd lastEnd)
    {
        var sameLog = lastEnd == ReplayEnd.LogChanged ? null : _applied.Latest;
        var answer = _builder.Ask(topic, _stopping.Token);
        if (sameLog is not null && sameLog.Topic.Id != answer.Shape.Id)
        {
            AbandonLog();
            sameLog = null;
        }

        var isFirst = _applied.Latest is null;
        var start = isFirst ? _warmStart.Choose(answer, topic, _stopping.Token) : StartPoint.LogStart;
        var generation = _builder.Build(
            answer, start, sameLog, isSecondTry: sameLog is not null && lastEnd == ReplayEnd.TombstonesMissed);
        Volatile.Write(ref _applied, new AppliedSoFar(_applied.Records, _applied.Bytes, generation));
        _clock.EndConfirmed(generation.Started);

        // Until a generation serves, waiters follow the one being built.
        if (!_state.Ready.IsDone)
            _waiters.Follow(generation.Positions);
        _state.Build(generation)?.Release();
        Log.ReplayStarts(_logger, _settings.Topic, generation.Number, generation.Positions.Count, generation.OffsetsToReplay);
        return generation;
    }

    private ReplayEnd Follow(Generation generation, ITopic topic)
    {
        var requests = new LoopRequests(generation, _settings, _logger);
        using var snapshots = _snapshots is { } keeper ? new SnapshotTaker(generation, keeper, requests.Wake, _settings.Time) : null;
        var observer = new GenerationObserver(generation, requests, _state, _waiters, _changes, _clock, _settings, _logger)
        {
            Snapshots = snapshots,
        };
        if (generation.Unloaded is { } unloaded)
            unloaded.OnLoadEnded = requests.Wake;
        var end = ReplayEnd.SnapshotUnusable;
        try
        {
            end = Follow(generation, topic, requests, observer);

            // The generation continues to serve until the next one takes over, but no batch follows after which its snapshot's load could
            // be completed, so it is completed here.
            if (end != ReplayEnd.Stopped && generation.Replay is not null)
                observer.EndLoad();
            return end;
        }
        catch (SnapshotException unusable)
        {
            _warmStart.Retract(unusable);
            return end == ReplayEnd.SnapshotUnusable ? EndOf(end, generation) : end;
        }
    }

    private ReplayEnd Follow(Generation generation, ITopic topic, LoopRequests requests, GenerationObserver observer)
    {
        observer.AfterBatch(); // An empty topic is ready without a fetch.
        using var poller = new TopicPoller(topic, generation, requests, _clock, _settings, _state, _logger);
        poller.Start();
        // One instance counts the errors of all the generation's sources.
        using var sourceErrors = new SourceErrorSettlement(_settings.Topic, _logger, _settings.Time);
        ReplayEnd end;
        while ((end = FollowOneSource(generation, observer, sourceErrors)) is ReplayEnd.SourceBroken or ReplayEnd.PartitionsAdded)
        {
            Retry.Wait(_settings.RetryPause, _settings.Time, _stopping.Token);
            Volatile.Write(ref _recreations, _recreations + 1);
        }

        return end;
    }

    private ReplayEnd FollowOneSource(Generation generation, GenerationObserver observer, SourceErrorSettlement sourceErrors)
    {
        if (_parts.OpenSource(generation.Topic, generation.Positions.Partitions.ToArray()) is not { } source)
            return ReplayEnd.SourceBroken;
        ReplayEnd end;
        try
        {
            observer.ReadsFrom(source);

            // With this kind of source, the brokers do not check the leader epochs of a snapshot.
            if (IsUnproved(generation) && source.Kind == RecordSourceKind.Consume)
                return EndOf(ReplayEnd.LogChanged, generation);
            var loop = new ReplayLoop(
                source, generation.Applier, _parts.Traced, _recordErrors, sourceErrors, generation.Positions, observer, _settings.Time);
            Volatile.Write(ref _loop, loop);
            using var waking = _stopping.Token.UnsafeRegister(static woken => ((IRecordSource)woken!).Wake(), source);
            end = loop.Run(_stopping.Token);
        }
        finally
        {
            // The close is not awaited, because a consumer may take seconds to close, or may never close, and the next consumer must not
            // wait for that.
            _parts.CloseSource(source);
        }

        return EndOf(end, generation);
    }

    private ReplayEnd EndOf(ReplayEnd end, Generation generation)
    {
        if (end == ReplayEnd.LogChanged && IsUnproved(generation))
            _warmStart.Retract();
        if (end is ReplayEnd.LogChanged or ReplayEnd.TombstonesMissed or ReplayEnd.SnapshotUnusable)
            _state.BeginRebuild();
        if (end == ReplayEnd.LogChanged)
            AbandonLog();

        return end;
    }

    // Only when every partition has reached its target is it certain that the log is still the one from which the snapshot was taken.
    private static bool IsUnproved(Generation generation) => generation is { StartedFrom: not null, Replay: null };

    private void AbandonLog()
    {
        _waiters.GiveUp(LogChanged);
        _state.LogIsGone();
    }

    private TopicChangedException LogChanged() => new(
        $"The log of topic '{_settings.Topic}' no longer holds the records that it held (the log was truncated or "
        + "recreated, or they were deleted before they were read), so the position waited for has lost its meaning. The cache is "
        + "replaying the log from the start.");

    /// <summary>All parts are replaced together, through one reference. A reader of the totals therefore never counts a generation twice or
    /// misses one while another takes over, and the totals never decrease.</summary>
    private sealed record AppliedSoFar(long RecordsBefore, long BytesBefore, Generation? Latest)
    {
        public long Records => RecordsBefore + (Latest?.RecordsApplied ?? 0);

        public long Bytes => BytesBefore + (Latest?.Positions.BytesApplied ?? 0);
    }
}
