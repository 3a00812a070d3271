using System.Collections.ObjectModel;
using KafkaCaching.Replay.Errors;

namespace KafkaCaching;

/// <summary>A snapshot of a cache's state, for health checks, dashboards and operators. Taking one is cheap, because no broker is
/// contacted.</summary>
public sealed record CacheStatus
{
    /// <summary>The phase of the cache.</summary>
    public required CachePhase Phase { get; init; }

    /// <summary>How much of the replay is done, from 0 to 1. It is 1 once the cache is ready.</summary>
    public required double Progress { get; init; }

    /// <summary>The estimated time until the cache is ready, at the rate so far. It is <see cref="TimeSpan.Zero"/> once the cache is ready,
    /// and <see langword="null"/> in the first second, when there is no rate to estimate from.</summary>
    public TimeSpan? EstimatedTimeToReady { get; init; }

    /// <summary>The average number of records that the replay has applied per second. Once the cache is ready, the average is that of the
    /// whole replay.</summary>
    public double RecordsPerSecond { get; init; }

    /// <summary>The exact number of readable entries in the serving generation or, before there is one, in the generation being
    /// built.</summary>
    public required long Entries { get; init; }

    /// <summary>The number of bytes held in memory by the store (the pages of its log, and its hash index) and by the
    /// <see cref="Indexes"/>.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The maximum number of bytes that the store and the indexes may hold in memory: the option
    /// <c>Store.MemoryBudget</c>.</summary>
    public long MemoryBudgetBytes { get; init; }

    /// <summary>The number of bytes that the spill file occupies on disk; <see langword="null"/> if the option
    /// <c>Store.SpillDirectory</c> is not set.</summary>
    public long? SpilledBytes { get; init; }

    /// <summary>The time from the cache's creation until it was first ready; <see langword="null"/> until then.</summary>
    public TimeSpan? TimeToReady { get; init; }

    /// <summary>The number of records applied since the cache was created, in all generations. It includes tombstones and skipped
    /// records.</summary>
    public required long RecordsApplied { get; init; }

    /// <summary>The number of bytes of the keys and values of <see cref="RecordsApplied"/>, after decompression and without
    /// headers.</summary>
    public long BytesApplied { get; init; }

    /// <summary>The number of times that a new generation was begun because the log had changed or tombstones may have been missed. The
    /// first generation does not count.</summary>
    public long Rebuilds { get; init; }

    /// <summary>The number of the generation that <see cref="Entries"/> counts: 1 for the first one, and higher after each rebuild. It is 0
    /// until the topic is known.</summary>
    public int Generation { get; init; }

    /// <summary>Whether the cache answers reads now. This depends on its phase and on the options <c>ReadBeforeReady</c>,
    /// <c>ReadWhenStale</c> and <c>ReadWhenFaulted</c>.</summary>
    public bool IsReadable { get; init; }

    /// <summary>The number of consumers opened to replace one that was unusable, had stopped responding, or read too few
    /// partitions.</summary>
    public long ConsumerRecreations { get; init; }

    /// <summary>The number of Kafka clients that did not end within 5 seconds of being closed and were left behind. Each of them keeps its
    /// threads and its memory. The cache continues without them.</summary>
    public long ClientsLeftBehind { get; init; }

    /// <summary>The number of record errors since the cache was created.</summary>
    public required long RecordErrors { get; init; }

    /// <summary><see cref="RecordErrors"/> by reason. Reasons that have not occurred are not included.</summary>
    public IReadOnlyDictionary<RecordErrorReason, long> RecordErrorsByReason { get; init; } =
        ReadOnlyDictionary<RecordErrorReason, long>.Empty;

    /// <summary>The latest record errors, newest first, at most 20. Each says where the record is and why it can't be used, without quoting
    /// the record.</summary>
    public IReadOnlyList<RecordErrorSighting> RecentRecordErrors { get; init; } = [];

    /// <summary>The number of records, in the generation that <see cref="Entries"/> counts, that replaced an entry from another partition
    /// or were superseded by one. If the number is above 0, writers have put the same key into different partitions, because they use
    /// different partitioners or because partitions were added to the topic. The order of such a key's records is then decided by their
    /// timestamps alone, and compaction may remove the key's tombstone too early.</summary>
    public long KeysSeenInTwoPartitions { get; init; }

    /// <summary>The number of contested keys in the generation that <see cref="Entries"/> counts: keys that the resolver yields for the
    /// latest records of more than one record key. The record with the latest timestamp provides the entry. The entries of the other
    /// records are kept in case that record is replaced or removed. The number is above 0 only with a resolver.</summary>
    public long ContestedKeys { get; init; }

    /// <summary>The number of bytes held to resolve contested keys, in addition to <see cref="MemoryBytes"/> and outside the store's
    /// budget. This memory holds the other entries of contested keys, and up to 16 MiB of records that have no entry, such as tombstones,
    /// but are still needed for record keys that occur in two partitions. The number is above 0 only with a resolver.</summary>
    public long ContestedBytes { get; init; }

    /// <summary>The number of entries that have been swept from memory since the cache was created, because they had expired. Reads stop
    /// finding an entry at its deadline, even before it is swept.</summary>
    public long ExpiredEntries { get; init; }

    /// <summary>The number of entries evicted since the cache was created because the store was full (see
    /// <see cref="StoreFullPolicy.Evict"/>).</summary>
    public long EvictedEntries { get; init; }

    /// <summary>Whether entries may be missing because they were evicted, by this process or before the snapshot from which it started.
    /// What is left then depends on the reads of each process.</summary>
    public bool LacksEvictedEntries { get; init; }

    /// <summary>The topic's ID (KIP-516) as the brokers report it, in the generation that <see cref="Entries"/> counts;
    /// <see langword="null"/> until the topic is known, and empty if the brokers report no ID.</summary>
    public string? TopicId { get; init; }

    /// <summary>How the cache started; <see langword="null"/> until that has been decided.</summary>
    public StartStatus? Start { get; init; }

    /// <summary>The state of the snapshots that the cache writes; <see langword="null"/> if <see cref="SnapshotOptions.Directory"/> is not
    /// set.</summary>
    public SnapshotStatus? Snapshot { get; init; }

    /// <summary>The indexes, in the order in which they were declared.</summary>
    public IReadOnlyList<IndexStatus> Indexes { get; init; } = [];

    /// <summary>The number of watches in progress.</summary>
    public int Watchers { get; init; }

    /// <summary>The number of pending changes of the slowest watcher.</summary>
    public long PendingChanges { get; init; }

    /// <summary>The kind of source that delivers, or last delivered, the records of the generation that <see cref="Entries"/>
    /// counts.</summary>
    public RecordSourceKind Source { get; init; }

    /// <summary>The error that faulted the cache, if <see cref="Phase"/> is <see cref="CachePhase.Faulted"/>; otherwise
    /// <see langword="null"/>.</summary>
    public Exception? Fault { get; init; }

    /// <summary>A description of <see cref="Fault"/> that never quotes a record, so it can be shown on a page or sent in a response. The
    /// message of an exception from user code may contain a key or a value; for such an exception, the description names only the type.
    /// <see langword="null"/> if there is no fault.</summary>
    public string? FaultText { get; init; }

    /// <summary>A human-readable description of what the cache is waiting for or of its current problem; <see langword="null"/> if there is
    /// neither.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the thread that replays and follows the topic is alive. If it is not, and <see cref="Phase"/> is neither
    /// <see cref="CachePhase.Faulted"/> nor <see cref="CachePhase.Stopped"/>, the library has failed, and only a restart of the process
    /// helps.</summary>
    public bool IsReplayRunning { get; init; }

    /// <summary>How long ago the brokers last confirmed that the cache keeps up with the end of the log.</summary>
    public TimeSpan SinceConfirmed { get; init; }

    /// <summary>The partitions, in order. The list is empty until the topic is known.</summary>
    public required IReadOnlyList<PartitionStatus> Partitions { get; init; }
}
