using KafkaCaching.Changes;
using KafkaCaching.Indexes;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Snapshots.FromFile;
using KafkaCaching.Store;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Generations;

/// <summary>One replay of one topic into one store.</summary>
internal sealed class Generation(
    int number, TopicShape topic, IStateStore store, InstanceTable? instances, RecordApplier applier, Positions positions, Moment started,
    bool isSecondTry = false, EntryIndexer? indexer = null) : IWatchable
{
    // This allows for a trillion records in each generation, and for more generations than a process will ever have.
    private const int RecordBits = 40;

    private readonly IStateStore _firstStore = store;
    private IStateStore _store = store;
    private int _holders = 1;
    private Replayed? _replayed;
    private volatile RecordSourceKind _source;
    private CaughtUpTo? _caughtUp;

    public int Number { get; } = number;

    public TopicShape Topic { get; } = topic;

    public IStateStore Store => Volatile.Read(ref _store);

    public bool IsLoaded => Unloaded is null;

    /// <summary>The store, if it still reads from a snapshot file; otherwise <see langword="null"/>.</summary>
    public SnapshotStore? Unloaded => Store as SnapshotStore;

    /// <summary>The store with all entries in memory. Reading the property waits until they are. Safe to read from any thread.</summary>
    /// <exception cref="CacheNotReadyException">The snapshot could not be loaded.</exception>
    public IStateStore WholeStore => Unloaded is { } unloaded ? unloaded.WaitForWhole() : Store;

    public EntryObserver Writes { get; } = new(instances, indexer);

    public IndexSet? Indexes => indexer?.Indexes;

    /// <summary>The decoded values, when instances are reused.</summary>
    public InstanceTable? Instances { get; } = instances;

    /// <summary>The number of offsets between the start points and the ends of the log when the generation was built.</summary>
    public long OffsetsToReplay { get; init; }

    public RecordApplier Applier { get; } = applier;

    public Positions Positions { get; } = positions;

    public Moment Started { get; } = started;

    public LoadedSnapshot? StartedFrom { get; init; }

    /// <summary>Whether a key was seen in two partitions, by this generation or before the snapshot that it started from.</summary>
    public bool HasKeysInTwoPartitions =>
        KeysSeenInTwoPartitions > 0 || StartedFrom is { Description.HasKeysInTwoPartitions: true };

    /// <summary>Whether entries have been evicted, by this generation or before the snapshot that it started from. Safe to read from any
    /// thread.</summary>
    public bool LacksEvictedEntries => Store.HasEvicted || StartedFrom is { Description.LacksEvictedEntries: true };

    /// <summary>The number of writes that replaced an entry from another partition or were superseded by one. Safe to read from any
    /// thread.</summary>
    public long KeysSeenInTwoPartitions =>
        Applier.KeysSeenInTwoPartitions + ((_firstStore as SnapshotStore)?.KeysSeenInTwoPartitions ?? 0);

    /// <summary>How far the generation has caught up, according to the latest response of the brokers; <see langword="null"/> before the
    /// first response, and after tombstones may have been missed.</summary>
    public CaughtUpTo? CaughtUp
    {
        get => Volatile.Read(ref _caughtUp);
        set => Volatile.Write(ref _caughtUp, value);
    }

    /// <summary>Whether this generation is built because the previous one may have missed tombstones.</summary>
    public bool IsSecondTry { get; } = isSecondTry;

    /// <summary>The kind of source that delivers, or last delivered, the records.</summary>
    public RecordSourceKind Source => _source;

    public long RecordsApplied => Positions.RecordsApplied;

    /// <summary>A number that changes with each record applied and never repeats in any generation of the cache. It is never 0.</summary>
    public long ContentVersion => ContentVersionAtStart + Positions.RecordsApplied;

    /// <summary>The <see cref="ContentVersion"/> before the first record.</summary>
    public long ContentVersionAtStart => (long)Number << RecordBits;

    /// <summary>The number of records and the duration of the replay, once it has reached its targets.</summary>
    public Replayed? Replay => Volatile.Read(ref _replayed);

    /// <inheritdoc/>
    public void Retain() => Interlocked.Increment(ref _holders);

    /// <summary>Does the same as <see cref="Retain"/>, unless the store has already been disposed of.</summary>
    public bool TryRetain()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    /// <summary>Disposes of the store when its last holder releases it. The cache itself is a holder.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            _firstStore.Dispose();
    }

    /// <summary>Called on the replay thread when a source has been opened.</summary>
    public void ReadsFrom(RecordSourceKind source) => _source = source;

    /// <summary>Called on the replay thread, between two batches. If a snapshot has been served from its file, and has now been loaded
    /// completely, the store in memory takes over.</summary>
    /// <exception cref="SnapshotException">The file can't be loaded.</exception>
    /// <exception cref="StoreFullException">The memory budget is used up.</exception>
    /// <returns>Whether the store in memory has taken over.</returns>
    public bool LookAtLoad()
    {
        if (Unloaded?.TryTakeOver() is not { } whole)
            return false;
        Volatile.Write(ref _store, whole);
        return true;
    }

    /// <summary>Waits until the snapshot has been loaded. Throws the same exceptions as <see cref="LookAtLoad"/>. Called on the replay
    /// thread when it applies no more records.</summary>
    /// <returns>Whether the store in memory has taken over.</returns>
    public bool EndLoad()
    {
        if (Unloaded is not { } unloaded)
            return false;
        Volatile.Write(ref _store, unloaded.TakeOver());
        return true;
    }

    /// <summary>Called on the replay thread when the replay has reached its targets.</summary>
    /// <param name="elapsed">How long the replay took, not counting the time for which the machine was suspended.</param>
    public void EndReplay(TimeSpan elapsed) => Volatile.Write(ref _replayed, new Replayed(RecordsApplied, elapsed));

    /// <param name="At">Everything written before this time has been applied.</param>
    /// <param name="DeleteRetention">How long the topic keeps tombstones, if this is known.</param>
    internal sealed record CaughtUpTo(DateTimeOffset At, TimeSpan? DeleteRetention);

    internal sealed record Replayed(long Records, TimeSpan Elapsed);
}
