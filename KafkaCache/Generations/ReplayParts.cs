using KafkaCaching.Indexes;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Topics;

namespace KafkaCaching.Generations;

/// <summary>Creates the parts of a generation. Through these functions only, the supervisor uses the Kafka clients, the store, and the key
/// and value types of a cache.</summary>
internal sealed record ReplayParts(
    Func<ITopic> OpenTopic,
    Func<TopicShape, IReadOnlyList<PartitionProgress>, IRecordSource?> OpenSource,
    Action<IRecordSource> CloseSource,
    Func<long, IStateStore> CreateStore,
    Func<InstanceTable?> CreateInstances,
    Func<IStateStore, EntryIndexer?> CreateIndexer,
    Func<IStateStore, EntryIndexer?, RecordApplier> CreateApplier,
    TracedApply Traced)
{
    /// <summary>Creates a store with its indexes and the applier that writes records to it.</summary>
    /// <param name="expected">The maximum number of entries to expect.</param>
    public StartEntries CreateEntries(long expected)
    {
        var store = CreateStore(expected);
        var indexer = CreateIndexer(store);
        return new StartEntries(store, indexer, CreateApplier(store, indexer));
    }
}

/// <summary>The store that a generation begins with, the store's indexes if there are any, and the applier that writes records to the
/// store.</summary>
internal readonly record struct StartEntries(IStateStore Store, EntryIndexer? Indexer, RecordApplier Applier);
