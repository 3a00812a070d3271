using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Plays a history step by step on the model, with up to three caches, and checks each cache after every step.</summary>
internal sealed class MemoryHistory : IDisposable
{
    private const int MaxCaches = 3;
    private const int CalmTurns = 300;
    private const int Watchers = 2;

    private readonly History _history;
    private readonly HistoryRules _rules;
    private readonly ModelKafka _kafka;
    private readonly TopicSteps _topic;
    private readonly Random _random;
    private readonly List<(ModelCache Cache, Witness Witness)> _caches = [];
    private readonly Dictionary<ModelCache, List<WatchMirror>> _mirrors = [];
    private long _timeMs = 1_700_000_000_000;
    private TimeSpan _now;
    private int _started;

    private MemoryHistory(History history)
    {
        (_history, _rules) = (history, history.Rules);
        _random = new Random(history.Seed.GetHashCode());
        _kafka = new ModelKafka(_rules.Partitions);
        _topic = new TopicSteps(_kafka, _rules) { NextTimestamp = () => _timeMs++, Caches = () => _caches.Select(static at => at.Cache) };
    }

    /// <summary>The index of the current step.</summary>
    public int At { get; private set; }

    public int Looks { get; private set; }

    /// <returns>The number of times that a cache was compared with the log.</returns>
    /// <exception cref="HistoryFailedException">A guarantee was violated.</exception>
    public static int Play(History history)
    {
        using var play = new MemoryHistory(history);
        try
        {
            play.Start();
            for (play.At = 0; play.At < history.Steps.Count; play.At++)
                play.Take(history.Steps[play.At]);
            play.ComeToRest();
            return play.Looks;
        }
        catch (Exception failure)
        {
            throw new HistoryFailedException(history, play.At, failure);
        }
    }

    public void Dispose()
    {
        foreach (var (cache, _) in _caches)
            cache.Dispose();
    }

    private void Take(HistoryStep step)
    {
        var random = new Random(step.Seed);
        switch (step.Kind)
        {
            case StepKind.Truncate when _topic.Log(step) is { } log && _caches.TrueForAll(static at => at.Cache.Reads):
                // A consumer that is opened after the truncation can't detect it, so the log is truncated only if every cache has a
                // consumer.
                _kafka.Topic!.Partitions[log.Number] = log.Truncate(log.HighWatermark - random.Next(1, 10));
                break;
            case StepKind.DeleteTopic:
                _kafka.Delete();
                break;
            case StepKind.CreateTopic when _kafka.Topic is null || step.Which % 4 == 0:
                _kafka.Create(random.Next(1, 4));
                break;
            case StepKind.StartCache when _caches.Count < MaxCaches:
                Start();
                break;
            case StepKind.StopCache when _caches.Count > 1:
                Stop(step.Which % _caches.Count);
                break;
            default:
                if (!_topic.TryTake(step, random, _now))
                    TakeOnOneCache(step, random);
                break;
        }

        Look();
    }

    private void TakeOnOneCache(HistoryStep step, Random random)
    {
        var (cache, witness) = _caches[step.Which % _caches.Count];
        switch (step.Kind)
        {
            case StepKind.Turn:
                Play(cache, new Turn(random.Next(1, 12), step.Which));
                break;
            case StepKind.Noise:
                Play(cache, new Turn(random.Next(12), step.Which, TurnTrouble.Noise));
                break;
            case StepKind.BreakSource:
                Play(cache, new Turn(random.Next(12), step.Which, TurnTrouble.Broken));
                break;
            case StepKind.CatchUp:
                for (var i = 0; i < 4; i++)
                {
                    Play(cache, new Turn(ModelSource.MaxRecords, step.Which));
                    Look();
                }

                break;
            case StepKind.PassTime:
                PassTime(HistoryClock.Tick * (random.Next(3) == 0 ? random.Next(50, 600) : random.Next(1, 50)));
                break;
            case StepKind.TroubleBrokers:
                cache.Client.Trouble = random.Next(2) == 0 ? BrokerTrouble.NoAnswer : BrokerTrouble.NoOffsets;
                break;
            case StepKind.MendBrokers:
                cache.Client.Trouble = BrokerTrouble.None;
                break;
            case StepKind.Wait:
                var partition = random.Next(20) == 0 ? random.Next(10) : random.Next(_kafka.Topic?.Partitions.Count ?? 1);
                var end = _kafka.Topic?.Partitions.ElementAtOrDefault(partition)?.HighWatermark ?? 0;
                witness.Wait(new CachePosition(partition, Math.Max(0, end + random.Next(-20, 10))));
                break;
        }
    }

    // All caches have the same time.
    private void PassTime(TimeSpan time)
    {
        _now += time;
        foreach (var (cache, _) in _caches)
            cache.PassTime(time);
    }

    private void Play(ModelCache cache, Turn turn)
    {
        PassTime(HistoryClock.Tick);
        cache.Play(turn);
    }

    private void Start()
    {
        var cache = new ModelCache(++_started, _rules, _kafka);
        _caches.Add((cache, new Witness(cache, _rules)));
        _mirrors.Add(cache, [.. Enumerable.Range(0, Watchers).Select(_ => new WatchMirror(cache, _random))]);
    }

    private void Stop(int which)
    {
        var (cache, witness) = _caches[which];
        _caches.RemoveAt(which);
        Looks += witness.Looks;
        foreach (var mirror in _mirrors[cache])
            mirror.LookAtContent();
        cache.Dispose();
        witness.LookAfterTheEnd();
        foreach (var mirror in _mirrors[cache])
            mirror.LookAfterTheEnd();
        _mirrors.Remove(cache);
    }

    private void Look()
    {
        foreach (var (_, witness) in _caches)
            witness.Look();
        foreach (var mirror in _mirrors.Values.SelectMany(static mirrors => mirrors))
        {
            if (_random.Next(8) == 0)
                mirror.Pause(_random.Next(2) == 0);
            mirror.Look();
        }
    }

    /// <summary>After all faults have ended, every cache must reach the state of the log, and a cold cache must reach the same
    /// state.</summary>
    private void ComeToRest()
    {
        if (_kafka.Topic is null)
            _kafka.Create(1);
        _topic.EndTransactions(commit: _history.Seed % 2 == 0);
        Start();
        foreach (var (cache, witness) in _caches)
        {
            cache.Client.Trouble = BrokerTrouble.None;
            for (var turn = 0; !Rests(cache); turn++)
            {
                if (turn == CalmTurns)
                    Assert.Fail($"Cache {cache.Number} does not come to rest: {cache.State.Snapshot()}");
                PassTime(TimeSpan.FromSeconds(1));
                Play(cache, new Turn(ModelSource.MaxRecords, turn));
                witness.Look();
            }
        }

        while (_caches.Count > 0)
            Stop(0);
    }

    private bool Rests(ModelCache cache)
    {
        var (phase, current, _, _) = cache.State.Snapshot();
        if (phase == CachePhase.Faulted)
            return true;
        return phase == CachePhase.Ready
            && cache.GenerationOf(current!).Topic == _kafka.Topic && current!.Positions.Count == _kafka.Topic!.Partitions.Count
            && _kafka.Topic.Partitions.TrueForAll(log => current.Positions[log.Number].Position == log.HighWatermark)
            && !cache.GenerationOf(current).HasForeignRecords;
    }
}
