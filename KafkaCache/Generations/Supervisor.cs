using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Owns the replay thread: builds a generation, follows it, and starts another when the log has changed under it. Whatever ends the
/// thread ends as a fault, which every waiter learns; nothing dies unseen.</summary>
internal sealed class Supervisor : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly ReplayParts _parts;
    private readonly SupervisorSettings _settings;
    private readonly CacheState _state;
    private readonly PositionWaiters _waiters;
    private readonly RecordErrorSettlement _recordErrors;
    private readonly ILogger _logger;
    private readonly StaleClock _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private AppliedSoFar _applied = new(RecordsBefore: 0, BytesBefore: 0, Latest: null);
    private int _generations;
    private long _recreations;
    private ReplayLoop? _loop;
    private int _left;

    public Supervisor(
        ReplayParts parts, SupervisorSettings settings, CacheState state, PositionWaiters waiters, RecordErrorSettlement recordErrors, ILogger logger)
    {
        _parts = parts;
        _settings = settings;
        _state = state;
        _waiters = waiters;
        _recordErrors = recordErrors;
        _logger = logger;
        _clock = new StaleClock(state, settings, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = $"KafkaCache {settings.Name}" };
    }

    /// <summary>Counts over all generations.</summary>
    public ReplayTotals Totals
    {
        get
        {
            var applied = Volatile.Read(ref _applied);
            return new ReplayTotals(applied.Records, applied.Bytes, Math.Max(0, (applied.Latest?.Number ?? 0) - 1), Volatile.Read(ref _recreations));
        }
    }

    /// <summary>Whether the replay thread lives. Where it doesn't, the cache is faulted or stopped: it says so before it ends.</summary>
    public bool IsRunning => _thread.IsAlive;

    /// <summary>How long ago the brokers last confirmed that the replay keeps up.</summary>
    public TimeSpan SinceConfirmed => _clock.SinceConfirmed;

    /// <summary>Starts the replay, outside the context of whoever made the cache: its logging scopes are not the replay's.</summary>
    public void Start() => _thread.UnsafeStart();

    /// <summary>Stops the replay and waits until its thread has let go of the clients, but not for ever: it may be inside a resolver or a validator
    /// that does not return.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        var isLate = Thread.CurrentThread != _thread && !_thread.Join(StopTimeout);
        LeaveAfterBoth();

        // On a machine that has no time for it the thread may be late anywhere; only there is it somebody's.
        if (isLate && Volatile.Read(ref _loop) is { IsApplying: true })
            Log.ReplayThreadStuck(_logger, _settings.Topic, StopTimeout.TotalSeconds);
    }

    // Called twice: when the thread has ended and when the cache is disposed of. Not at the first, since a faulted cache may still be read, and the
    // thread may still write after a Dispose that could not wait for it.
    private void LeaveAfterBoth()
    {
        if (Interlocked.Increment(ref _left) != 2)
            return;
        _stopping.Dispose();
        foreach (var generation in _state.Held())
            generation.Store.Dispose();
    }

    private void Run()
    {
        try
        {
            using var topic = _parts.OpenTopic();
            Generation? sameLog = null;
            while (!_stopping.IsCancellationRequested)
            {
                var generation = Build(topic, sameLog);
                sameLog = Follow(generation, topic) == ReplayEnd.TombstonesMissed ? generation : null;

                // A log that changes as soon as it is followed would make a hot loop.
                Await(Task.Delay(FirstRetry, _settings.Time));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException && _stopping.IsCancellationRequested)
        {
            // Stopped while it waited for an answer, or before it could ask for one: the way out.
        }
        catch (Exception cause)
        {
            if (_state.Fault(cause))
                _waiters.End(() => _state.Faulted(cause));
            LogFault(cause);
        }
        finally
        {
            LeaveAfterBoth();
        }
    }

    private void LogFault(Exception cause)
    {
        try
        {
            Log.Faulted(_logger, cause, _settings.Topic);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The logger itself threw, and may be the cause: the fault tells it, and the end of this thread must not be the process's.
        }
    }

    private Generation Build(ITopic topic, Generation? sameLog)
    {
        var (shape, ranges) = AskUntilAnswered(topic);
        if (sameLog is not null && sameLog.Topic.Id != shape.Id)
        {
            _waiters.GiveUp(LogChanged);
            sameLog = null;
        }

        var partitions = new PartitionProgress[ranges.Length];
        long records = 0;
        for (var i = 0; i < partitions.Length; i++)
        {
            // Readers must not go back: of the same log the next generation has at least what this one has, whatever a new leader says of its end.
            var reached = sameLog is not null && i < sameLog.Positions.Count ? sameLog.Positions[i].Position : 0;
            partitions[i] = PartitionProgress.Of(i, ranges[i], reached);
            records += ranges[i].HighWatermark - ranges[i].LogStart;
        }

        var instances = _parts.CreateInstances();
        var store = _parts.CreateStore(records);
        if (instances is not null)
            store = new InstanceClearingStore(store, instances);
        var generation = new Generation(
            ++_generations, shape, store, instances, _parts.CreateApplier(store), new Positions(partitions), _settings.Time.GetTimestamp(),
            isSecondTry: sameLog is not null);
        Volatile.Write(ref _applied, new AppliedSoFar(_applied.Records, _applied.Bytes, generation));
        _clock.HeadConfirmed();

        // Until one serves, waits go by the one that is being built.
        if (!_state.Ready.IsDone)
            _waiters.Follow(generation.Positions);
        _state.Build(generation)?.Store.Dispose();
        Log.ReplayStarts(_logger, _settings.Topic, generation.Number, partitions.Length, records);
        return generation;
    }

    private (TopicShape Shape, LogRange[] Ranges) AskUntilAnswered(ITopic topic)
    {
        var retry = FirstRetry;
        string? said = null;
        while (true)
        {
            try
            {
                return Await(AskAsync(topic));
            }
            catch (TopicException problem) when (problem.Problem != TopicProblem.Refused)
            {
                _state.SetReason(problem.Message);
                if (said != problem.Message)
                    Log.TopicUnanswered(_logger, said = problem.Message);
            }

            if (_generations > 0)
                _clock.Check();
            Await(Task.Delay(retry, _settings.Time));
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    private static async Task<(TopicShape Shape, LogRange[] Ranges)> AskAsync(ITopic topic)
    {
        var shape = await topic.DescribeAsync().ConfigureAwait(false);
        return (shape, await topic.ListRangesAsync(shape.Partitions).ConfigureAwait(false));
    }

    private ReplayEnd Follow(Generation generation, ITopic topic)
    {
        var turn = new GenerationTurn(generation, _state, _waiters, _clock, _settings, _logger);
        turn.AfterBatch(); // A topic with nothing in it is ready without a fetch.
        using var watch = new HeadWatch(topic, generation, turn, _clock, _settings, _state, _logger);
        watch.Start();
        using var sourceErrors = new SourceErrorSettlement(_settings.Topic, _logger, _settings.Time); // Counts over all the sources of the generation.
        ReplayEnd end;
        while ((end = FollowOneSource(generation, turn, sourceErrors)) is ReplayEnd.SourceBroken or ReplayEnd.PartitionsAdded)
        {
            Await(Task.Delay(FirstRetry, _settings.Time));
            Volatile.Write(ref _recreations, _recreations + 1);
        }

        return end;
    }

    private ReplayEnd FollowOneSource(Generation generation, GenerationTurn turn, SourceErrorSettlement sourceErrors)
    {
        var source = _parts.OpenSource(generation.Positions.Partitions.ToArray());
        ReplayEnd end;
        try
        {
            turn.ReadsFrom(source);
            var loop = new ReplayLoop(source, generation.Applier, _parts.Traced, _recordErrors, sourceErrors, generation.Positions, turn, _settings.Time);
            Volatile.Write(ref _loop, loop);
            using var waking = _stopping.Token.UnsafeRegister(static woken => ((IRecordSource)woken!).Wake(), source);
            end = loop.Run(_stopping.Token);
        }
        finally
        {
            // Not waited for: a consumer may take seconds to end, or not end, and the next one has work to do.
            _parts.CloseSource(source);
        }

        if (end is ReplayEnd.LogChanged or ReplayEnd.TombstonesMissed)
            _state.BeginRebuild();
        if (end == ReplayEnd.LogChanged)
            _waiters.GiveUp(LogChanged);

        return end;
    }

    private TopicChangedException LogChanged() => new(
        $"The log of topic '{_settings.Topic}' no longer holds what it held (truncated, or records deleted before they were read), so the position waited for has lost its meaning. The cache is replaying it anew.");

    private T Await<T>(Task<T> task) => task.WaitOrAbandonAsync(_stopping.Token).GetAwaiter().GetResult();

    private void Await(Task task) => task.WaitAsync(_stopping.Token).GetAwaiter().GetResult();

    /// <summary>One reference, so that who counts while a generation takes over counts none twice: the total never goes back.</summary>
    private sealed record AppliedSoFar(long RecordsBefore, long BytesBefore, Generation? Latest)
    {
        public long Records => RecordsBefore + (Latest?.RecordsApplied ?? 0);

        public long Bytes => BytesBefore + (Latest?.Positions.BytesApplied ?? 0);
    }
}
