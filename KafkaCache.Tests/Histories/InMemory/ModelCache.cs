using KafkaCaching.Changes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Generations.Supervision;
using KafkaCaching.Logs;
using KafkaCaching.Options;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Snapshots;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Histories.InMemory.Restarts;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Replay.Applying;
using KafkaCaching.Tests.Store;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>A cache with its real parts, except for the brokers and the consumer. Its replay thread runs in lockstep with the
/// history.</summary>
internal sealed class ModelCache : IDisposable
{
    private const long MemoryBudget = 128 << 10;
    private const string Name = "history";
    private const string ReplayThread = $"KafkaCache {Name}";
    private const string SnapshotThread = "KafkaCache snapshot";

    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    private readonly HistoryRules _rules;
    private readonly ModelKafka _kafka;
    private readonly ModelSnapshots? _snapshots;
    private readonly Lockstep _lockstep = new();
    private readonly TemporaryDirectory? _spill;
    private readonly List<ReadGeneration> _generations = [];
    private readonly PositionWaiters _waiters = new();
    private readonly ChangeFeed _changes = new(Name);
    private readonly Supervisor _supervisor;
    private string? _writtenTooLate;
    private volatile bool _snapshotAwaitsTurn;

    public ModelCache(int number, HistoryRules rules, ModelKafka kafka, DateTimeOffset? start = null, ModelSnapshots? snapshots = null)
    {
        (Number, _rules, _kafka, _snapshots) = (number, rules, kafka, snapshots);
        Clock = new HistoryClock(_lockstep, ReplayThread, start ?? HistoryClock.UsualStart)
        {
            AwaitsLoad = () => snapshots?.Loading.Open(),
        };
        Client = new ModelTopicClient(kafka, rules.DeleteRetention, Clock)
        {
            Described = topic => Newest?.Sees(topic),
            RangesListed = Listed,
        };
        _spill = rules.Spills ? new TemporaryDirectory() : null;

        var options = rules.Options();
        var keys = Codecs.ForKey<string>(null, null, Name);
        var values = Codecs.ForValue<string>(null, null, null, Name);
        var recordRules = options.ForRecords(keys, values);
        var logger = new HistoryLogger(faulted: _lockstep.Ends, tombstonesMissed: () => Newest!.MissesTombstones());
        State = new CacheState(Name, new ReadPolicy(rules.ReadsBeforeReady, rules.ReadsWhenStale, WhenFaulted: true));
        Reader = new EntryReader<string, string>(State, keys, values, TimeProvider.System);
        Watcher = new Watcher<string, string>(
            _changes, new EntryDecoder<string, string>(keys, values), stopping => State.Ready.Task.WaitAsync(stopping));
        var parts = new ReplayParts(
            OpenTopic: () => Client,
            OpenSource: (_, from) => new ModelSource(kafka, _generations[^1], _lockstep, rules.FetchesByTopicId, from, Woken),
            CloseSource: static source => source.Dispose(),
            CreateStore: CreateStore,
            CreateInstances: () => rules.ReusesInstances ? new InstanceTable<string>() : null,
            CreateIndexer: static _ => null,
            CreateApplier: recordRules.CreateApplier,
            Traced: TracedApplies.Of(Name, logger));
        _supervisor = new Supervisor(
            parts, new SupervisorSettings(Name, Name, StaleAfter, Clock) { Snapshots = snapshots?.SettingsOf(rules, Clock) }, State,
            _waiters, _changes,
            new RecordErrorSettlement(Name, rules.Policy, logger, Clock), logger);
        _supervisor.Start();
        Clock.AwaitRest();
    }

    public int Number { get; }

    public HistoryClock Clock { get; }

    public ModelTopicClient Client { get; }

    public CacheState State { get; }

    public EntryReader<string, string> Reader { get; }

    public Watcher<string, string> Watcher { get; }

    /// <summary>The number of generations that the cache has begun.</summary>
    public int Generations => _generations.Count;

    /// <summary>Whether a turn was played since the clock last moved, so that the positions are current.</summary>
    public bool HasJustTurned { get; private set; }

    /// <summary>Whether the replay thread reads, and does not wait for the brokers or for its end.</summary>
    public bool Reads => _lockstep.IsAtSource;

    /// <summary>How the first generation has started; <see langword="null"/> until this is known.</summary>
    public StartStatus? StartStatus => _supervisor.StartStatus;

    /// <summary>The keeper of the snapshots. Only for a cache with snapshots.</summary>
    public SnapshotKeeper Keeper => _supervisor.Snapshots!;

    /// <summary>Whether the thread that writes a snapshot waits for the replay thread to save more claims.</summary>
    public bool SnapshotAwaitsTurn => _snapshotAwaitsTurn;

    private ReadGeneration? Newest => _generations.LastOrDefault();

    /// <summary>Whether this generation or a later one has received a response that shows that its log has changed.</summary>
    public bool IsCutOffSince(int generation) => _generations.Skip(generation - 1).Any(static read => read.IsCutOff);

    /// <summary>Whether this generation was replaced because its position was out of the log's range.</summary>
    public bool HasGoneOutOfRange(int generation) =>
        generation > 0 && generation < Generations && _generations[generation - 1].IsOutOfRange;

    public ReadGeneration GenerationOf(Generation generation) => _generations[generation.Number - 1];

    /// <summary>The offset from which a generation has read a partition. Offsets that a snapshot covers count as read.</summary>
    public long StartOf(Generation generation, int partition)
    {
        // An added partition may have been listed several times before the generation included it.
        var read = GenerationOf(generation);
        return partition < read.PartitionsAtBeginning ? read.Listed[partition].LogStart : generation.Positions[partition].LogStart;
    }

    /// <summary>Fails if the replay thread has written a record too late.</summary>
    public void ThrowIfWrittenTooLate() => Assert.Null(_writtenTooLate);

    public void Play(Turn turn) => TryPlay(turn);

    /// <returns>Whether the replay thread was waiting in its source.</returns>
    public bool TryPlay(Turn turn)
    {
        _snapshotAwaitsTurn &= !Reads;
        HasJustTurned = _lockstep.Play(turn);
        Clock.AwaitRest();
        return HasJustTurned;
    }

    public void PassTime(TimeSpan time)
    {
        Clock.Advance(time);
        HasJustTurned = false;
    }

    public Completion<bool> Wait(CachePosition position) => _waiters.Add(position);

    public void Dispose()
    {
        State.Stop();
        _waiters.End(State.Disposed);
        _changes.End(State.Disposed);

        // This comes first, because the freely running replay thread could begin a snapshot that is due.
        _supervisor.Snapshots?.Dispose();
        _lockstep.SetFree();
        _supervisor.Dispose();
        _spill?.Dispose();
    }

    // The replay thread lists the offsets at the beginning of a generation, and the poller lists them at other times.
    private void Listed(ModelTopic topic, LogRange[] ranges)
    {
        if (Thread.CurrentThread.Name != ReplayThread)
        {
            Newest?.Lists(topic, ranges);
            return;
        }

        if (Generations == 0)
            _snapshots?.Answered(topic, ranges, Clock.GetUtcNow());
        _generations.Add(new ReadGeneration(topic, ranges));
    }

    private void Woken()
    {
        if (Thread.CurrentThread.Name == SnapshotThread)
            _snapshotAwaitsTurn = true;
    }

    private WatchedStore CreateStore(long records)
    {
        var store = new FasterStateStore(new StoreSettings(MemoryBudget, _spill?.Path, records, Name));
        return _snapshots is null
            ? new WatchedStore(store, BeforeWrite)
            : new WatchedStore(store, BeforeWrite)
            {
                Captures = (below, capture) => _snapshots.Captured(CapturedMoment.Of(this, below), capture),
                Loads = () => _snapshots.Loads(isServed: State.Ready.IsDone),
            };
    }

    // All records below a position must be readable, so a position must not advance before its record is in the store. Entries of a
    // snapshot are written before there are positions.
    private void BeforeWrite(EntryMetadata entry)
    {
        if (State.Newest is not { StartedFrom: null } generation)
            return;
        var position = generation.Positions[entry.Partition].Position;
        if (position > entry.Offset)
            _writtenTooLate ??= $"The record at {entry.Partition}:{entry.Offset} is written when the position already stands at "
                + $"{position}.";
    }
}
