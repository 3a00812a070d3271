using KafkaCaching.Changes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Generations.Supervision;
using KafkaCaching.Options;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>A cache whose parts are all its own but for the brokers and the consumer, and whose thread runs in step with the
/// history.</summary>
internal sealed class ModelCache : IDisposable
{
    private const long MemoryBudget = 128 << 10;
    private const string Name = "history";
    private const string ReplayThread = $"KafkaCache {Name}";

    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    private readonly HistoryRules _rules;
    private readonly ModelKafka _kafka;
    private readonly Lockstep _lockstep = new();
    private readonly TemporaryDirectory? _spill;
    private readonly List<ReadGeneration> _generations = [];
    private readonly PositionWaiters _waiters = new();
    private readonly ChangeFeed _changes = new(Name);
    private readonly Supervisor _supervisor;
    private string? _writtenTooLate;

    public ModelCache(int number, HistoryRules rules, ModelKafka kafka)
    {
        (Number, _rules, _kafka) = (number, rules, kafka);
        Clock = new HistoryClock(_lockstep, ReplayThread);
        Client = new ModelTopicClient(kafka, rules.DeleteRetention, Clock)
        {
            Described = topic => Newest?.Sees(topic),
            RangesListed = (topic, ranges) => Newest?.Lists(topic, ranges),
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
            OpenSource: (_, from) => new ModelSource(kafka, _generations[^1], _lockstep, rules.FetchesByTopicId, from),
            CloseSource: static source => source.Dispose(),
            CreateStore: CreateStore,
            CreateInstances: () => rules.ReusesInstances ? new InstanceTable<string>() : null,
            CreateIndexer: static _ => null,
            CreateApplier: recordRules.CreateApplier,
            Traced: TracedApplies.Of(Name, logger));
        _supervisor = new Supervisor(
            parts, new SupervisorSettings(Name, Name, StaleAfter, Clock), State, _waiters, _changes,
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

    /// <summary>How many it has begun.</summary>
    public int Generations => _generations.Count;

    /// <summary>Whether its positions are up to date with its clock.</summary>
    public bool HasJustTurned { get; private set; }

    /// <summary>Whether its replay thread reads, and does not wait for the brokers or for its end.</summary>
    public bool Reads => _lockstep.IsAtSource;

    private ReadGeneration? Newest => _generations.LastOrDefault();

    /// <summary>Whether this generation, or one after it, was told that its log changed.</summary>
    public bool IsCutOffSince(int generation) => _generations.Skip(generation - 1).Any(static read => read.IsCutOff);

    /// <summary>Whether this generation has given way to another because its position was out of the log's range.</summary>
    public bool HasGoneOutOfRange(int generation) =>
        generation > 0 && generation < Generations && _generations[generation - 1].IsOutOfRange;

    public ReadGeneration GenerationOf(Generation generation) => _generations[generation.Number - 1];

    /// <summary>Rethrows what was seen on the replay thread.</summary>
    public void ThrowIfWrittenTooLate() => Assert.Null(_writtenTooLate);

    public void Play(Turn turn)
    {
        HasJustTurned = _lockstep.Play(turn);
        Clock.AwaitRest();
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
        _lockstep.SetFree();
        _supervisor.Dispose();
        _spill?.Dispose();
    }

    private WatchedStore CreateStore(long records)
    {
        var (topic, ranges) = Client.LastListed!.Value;
        _generations.Add(new ReadGeneration(topic, ranges));
        return new WatchedStore(new FasterStateStore(new StoreSettings(MemoryBudget, _spill?.Path, records, Name)), BeforeWrite);
    }

    // A position says that all below it can be read: it must not be shown before its record is in the store.
    private void BeforeWrite(EntryMetadata entry)
    {
        var position = State.Held().Last().Positions[entry.Partition].Position;
        if (position > entry.Offset)
            _writtenTooLate ??= $"The record at {entry.Partition}:{entry.Offset} is written when the position already stands at "
                + $"{position}.";
    }
}
