using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>Plays a history of one cache with snapshots on the model. The cache is stopped and started again with the same directory, and
/// the log may change while it is stopped. Each file is compared with the log, and so is the cache after each step.</summary>
internal sealed class MemoryRestarts : IDisposable
{
    private const int CalmTurns = 300;
    private const int QuickTurns = 10;
    private const int MaxTurnsWhileLoading = 20;
    private const int Groups = 8; // The groups of the index of such a small store.
    private const int MaxSteps = 120;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly StepKind[] Weighted =
    [
        .. Enumerable.Repeat(StepKind.Produce, 20), .. Enumerable.Repeat(StepKind.Begin, 2),
        .. Enumerable.Repeat(StepKind.ProduceInTransaction, 4), .. Enumerable.Repeat(StepKind.Commit, 3),
        .. Enumerable.Repeat(StepKind.Abort, 2), .. Enumerable.Repeat(StepKind.Turn, 25), .. Enumerable.Repeat(StepKind.CatchUp, 6),
        .. Enumerable.Repeat(StepKind.PassTime, 10), .. Enumerable.Repeat(StepKind.Clean, 10),
        .. Enumerable.Repeat(StepKind.DeleteRecords, 2), .. Enumerable.Repeat(StepKind.Truncate, 2),
        .. Enumerable.Repeat(StepKind.Elect, 3), StepKind.Grow, StepKind.CreateTopic, StepKind.TroubleBrokers,
        .. Enumerable.Repeat(StepKind.MendBrokers, 3), .. Enumerable.Repeat(StepKind.StartCache, 10),
        .. Enumerable.Repeat(StepKind.StopCache, 5), .. Enumerable.Repeat(StepKind.Snapshot, 12),
        .. Enumerable.Repeat(StepKind.HoldSnapshot, 3), .. Enumerable.Repeat(StepKind.LetSnapshotGo, 3),
        .. Enumerable.Repeat(StepKind.Rest, 3),
    ];

    private readonly History _history;
    private readonly HistoryRules _rules;
    private readonly StartTally _tally;
    private readonly ModelKafka _kafka;
    private readonly TopicSteps _topic;
    private readonly ModelSnapshots _snapshots;
    private readonly StableOffsets _stable = new();
    private TimeSpan _now;
    private int _started;
    private int _at;
    private int _looks;
    private int _turnsWhileLoading;
    private Running? _running;

    private MemoryRestarts(History history, StartTally tally)
    {
        (_history, _rules, _tally) = (history, history.Rules, tally);
        _kafka = new ModelKafka(_rules.Partitions);
        _topic = new TopicSteps(_kafka, _rules)
        {
            NextTimestamp = () => Now.ToUnixTimeMilliseconds(), Caches = () => _running is null ? [] : [_running.Cache],
        };
        _snapshots = new ModelSnapshots(_rules);
    }

    private DateTimeOffset Now => HistoryClock.UsualStart + _now;

    public static History HistoryOf(ulong seed)
    {
        var history = History.Of(seed, Weighted, MaxSteps);
        return history with
        {
            Rules = history.Rules with
            {
                Spills = false, ReadsBeforeReady = false,
                HasPoison = history.Rules is { HasPoison: true, Policy: not RecordErrorPolicy.Fail },
            },
        };
    }

    /// <returns>The number of times that the cache was compared with the log.</returns>
    /// <exception cref="HistoryFailedException">A guarantee was violated.</exception>
    public static int Play(History history, StartTally tally)
    {
        using var play = new MemoryRestarts(history, tally);
        try
        {
            for (play._at = 0; play._at < history.Steps.Count; play._at++)
                play.Take(history.Steps[play._at]);
            play.ComeToAnEnd();
            return play._looks;
        }
        catch (Exception failure)
        {
            throw new HistoryFailedException(history, play._at, failure);
        }
    }

    public void Dispose()
    {
        _snapshots.Writing.End();
        _snapshots.Loading.Open();
        _running?.Cache.Dispose();
        _snapshots.Dispose();
    }

    private void Take(HistoryStep step)
    {
        var random = new Random(step.Seed);
        switch (step.Kind)
        {
            case StepKind.Truncate when _topic.Log(step) is { } log && _running is null or { Cache.Reads: true }:
                ChangeLog();
                Truncate(log, random);
                break;
            case StepKind.Elect when _topic.Log(step) is { } log:
                ChangeLog();
                log.Elect();
                break;
            case StepKind.CreateTopic:
                ChangeLog();
                CreateTopic(random);
                break;
            case StepKind.PassTime:
                LetLoad();
                PassTime(HistoryClock.Tick * (random.Next(_running is null ? 2 : 6) == 0 ? random.Next(50, 600) : random.Next(1, 50)));
                break;
            case StepKind.StartCache when _running is null:
                Start(random);
                break;
            default:
                if (_topic.TryTake(step, random, _now))
                    ChangeLog();
                else if (_running is { } running)
                    TakeOnCache(running, step, random);
                break;
        }

        _stable.Note(_kafka.Topic!, Now);
        Look();
    }

    private void TakeOnCache(Running running, HistoryStep step, Random random)
    {
        switch (step.Kind)
        {
            case StepKind.Turn:
                Play(new Turn(random.Next(1, 12), step.Which));
                break;
            case StepKind.CatchUp:
                for (var i = 0; i < 4; i++)
                    Play(new Turn(ModelSource.MaxRecords, step.Which));
                break;
            case StepKind.TroubleBrokers:
                running.Cache.Client.Trouble = random.Next(2) == 0 ? BrokerTrouble.NoAnswer : BrokerTrouble.NoOffsets;
                break;
            case StepKind.MendBrokers:
                running.Cache.Client.Trouble = BrokerTrouble.None;
                break;
            case StepKind.Snapshot:
                TakeSnapshot(running, random);
                break;
            case StepKind.HoldSnapshot when !_snapshots.Writing.Holds:
                _snapshots.Writing.HoldAt(random.Next(Groups + 1));
                TakeSnapshot(running, random);
                break;
            case StepKind.LetSnapshotGo:
                _snapshots.Writing.Open();
                break;
            case StepKind.Rest:
                ComeToRest(running);
                break;
            case StepKind.StopCache:
                Stop(running, random);
                break;
        }
    }

    // Simulates an unclean leader election: the new leader lacks the last records. Often other records are then written at their offsets
    // and above.
    private void Truncate(ModelPartition log, Random random)
    {
        var cut = log.Truncate(log.HighWatermark - (random.Next(3) == 0 ? 1 : random.Next(1, 10)));
        if (LacksWhatSuperseded(cut))
            return;
        _kafka.Topic!.Partitions[log.Number] = cut;
        if (random.Next(3) != 0)
            _topic.Refill(cut, log.HighWatermark + random.Next(3), random);
    }

    // Whether the cleaner has removed a record because of a later one that the truncation would lose. A cache that read the log in between
    // would have read neither, and could not detect this.
    private static bool LacksWhatSuperseded(ModelPartition log) => log.Records
        .Where(static record => record is { IsHidden: false, Key: not null })
        .GroupBy(static record => Convert.ToHexString(record.Key!))
        .Any(static ofKey => ofKey.Last().IsSuperseded);

    private void CreateTopic(Random random)
    {
        _kafka.Create(random.Next(1, 4));
        for (var i = random.Next(6); i > 0; i--)
            _topic.Produce(random, transaction: null);
    }

    // A change after the brokers' first response, and before the cache has verified the log, may or may not be detected. To be safe, a
    // cache treats records of a later leader that arrive together with the file's last record as a contradiction.
    private void ChangeLog()
    {
        if (_running is { IsReady: false } running)
            running.MayHaveChanged = true;
    }

    private void PassTime(TimeSpan time)
    {
        _now += time;
        _running?.Cache.PassTime(time);
    }

    private void Play(Turn turn)
    {
        PassTime(HistoryClock.Tick);
        _running!.Cache.Play(turn);
        if (_snapshots.Loading.Holds && ++_turnsWhileLoading == MaxTurnsWhileLoading)
            LetLoad();
        Look();
    }

    private void TakeSnapshot(Running running, Random random)
    {
        LetLoad();
        PassTime(TimeSpan.FromSeconds(random.Next(3)));
        running.Cache.Keeper.Request();
        Play(new Turn(random.Next(12), random.Next(5)));
    }

    private void Start(Random random)
    {
        _snapshots.ServesFromFile = random.Next(2) == 0;
        _turnsWhileLoading = 0;
        if (random.Next(2) == 0)
            _snapshots.Loading.HoldAt(0);
        _running = new Running(_started++, _rules, _kafka, Now, _snapshots);
        for (var turn = 0; turn < QuickTurns && !_running.IsReady && random.Next(8) != 0; turn++)
            Play(new Turn(ModelSource.MaxRecords, turn));
    }

    private void Stop(Running running, Random random)
    {
        _running = null;
        _snapshots.Loading.Open();
        var isWriting = running.Cache.Keeper.IsWriting;
        _snapshots.Writing.End();
        running.Cache.Dispose();
        Await(() => !running.Cache.Keeper.IsWriting, "The snapshot does not end.");
        Assert.Null(_snapshots.TakeWritten());
        running.Witness.LookAfterTheEnd();
        if (isWriting && random.Next(2) == 0)
            _snapshots.Files.LeaveHalfWritten();
    }

    private void LetLoad()
    {
        _snapshots.Loading.Open();
        AwaitLoad();
    }

    private void Look()
    {
        if (_running is not { } running)
            return;
        AwaitLoad();
        AwaitSnapshot(running.Cache);
        Assert.True(running.Cache.Keeper.Status.Failures == 0, running.Cache.Keeper.Status.LastError);
        if (_snapshots.TakeWritten() is { } written)
        {
            written.Check(_rules, _stable);
            _tally.CheckedFile();
        }

        if (running.LookAtStart(_snapshots.Implied, _rules) is { } reason)
            _tally.Started(reason);
        running.Witness.Look();
        _looks++;
    }

    // The loaded store replaces the file between two turns.
    private void AwaitLoad()
    {
        if (_running is { IsReady: true } running && !_snapshots.Loading.Holds)
            Await(() => TakesOver(running.Cache), "The file is not loaded.");
    }

    private static bool TakesOver(ModelCache cache)
    {
        if (cache.State.Current is { IsLoaded: true } || !cache.Reads)
            return true;
        cache.Play(new Turn(0, 0, TurnTrouble.Silence));
        return false;
    }

    // Without this wait, the scheduling of threads would determine which changes the writer of a snapshot sees, and when the next snapshot
    // may begin. The replay thread saves a resolver's claims between two turns.
    private void AwaitSnapshot(ModelCache cache)
    {
        do
            Await(() => cache.SnapshotAwaitsTurn || !cache.Keeper.IsWriting || _snapshots.Writing.Stands, "The snapshot is not written.");
        while (cache.SnapshotAwaitsTurn && cache.TryPlay(new Turn(0, 0, TurnTrouble.Silence)));
    }

    private static void Await(Func<bool> condition, string otherwise) => Assert.True(SpinWait.SpinUntil(condition, Patience), otherwise);

    /// <summary>After all faults have ended, the cache must reach the state of the log, and a cold cache must reach the same
    /// state.</summary>
    private void ComeToRest(Running running)
    {
        LetLoad();
        _snapshots.Writing.Open();
        _topic.EndTransactions(commit: _history.Seed % 2 == 0);
        _stable.Note(_kafka.Topic!, Now);
        running.Cache.Client.Trouble = BrokerTrouble.None;
        Look();
        for (var turn = 0; !running.Rests(_kafka.Topic!); turn++)
        {
            if (turn == CalmTurns)
                Assert.Fail($"The cache does not come to rest: {running.Cache.State.Snapshot()}");
            PassTime(TimeSpan.FromSeconds(1));
            Play(new Turn(ModelSource.MaxRecords, turn));
        }

        using var cold = new ModelCache(_started++, _rules, _kafka, Now);
        for (var turn = 0; turn < QuickTurns && !cold.State.Ready.IsDone; turn++)
            cold.Play(new Turn(ModelSource.MaxRecords, turn));
        Assert.Equal(cold.State.Current!.Positions.Snapshot(), running.Cache.State.Current!.Positions.Snapshot());

        // A cache that was running when records were deleted may still have their entries.
        var logs = _kafka.Topic!.Partitions;
        Assert.Equal(ContentOf(cold, static _ => true), ContentOf(running.Cache, entry => entry.Offset >= logs[entry.Partition].LogStart));
        _tally.CameToRest();
    }

    private static string[] ContentOf(ModelCache cache, Func<CacheEntry<string>, bool> includes) =>
    [
        .. cache.Reader.Scan().Where(pair => includes(pair.Value)).OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => $"{pair.Key} {pair.Value.Partition}:{pair.Value.Offset} {pair.Value.Timestamp:O} {pair.Value.Value}"),
    ];

    // Starts the cache again from the last state of each history.
    private void ComeToAnEnd()
    {
        var random = new Random(_history.Seed.GetHashCode());
        for (var i = 0; i < 2; i++)
        {
            if (_running is null)
                Start(random);
            ComeToRest(_running!);
            if (random.Next(2) == 0)
                TakeSnapshot(_running!, random);
            Stop(_running!, random);
        }
    }
}
