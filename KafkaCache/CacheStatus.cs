using System.Collections.ObjectModel;

namespace KafkaCaching;

/// <summary>A snapshot of a cache, for health checks, dashboards and people. Cheap: it asks no broker.</summary>
public sealed record CacheStatus
{
    /// <summary>Where the cache stands.</summary>
    public required CachePhase Phase { get; init; }

    /// <summary>How much of the replay is done, from 0 to 1; 1 once ready.</summary>
    public required double Progress { get; init; }

    /// <summary>The time left until ready at the rate so far; <see cref="TimeSpan.Zero"/> once ready,
    /// <see langword="null"/> in the first second, while there is no rate to tell by.</summary>
    public TimeSpan? EstimatedTimeToReady { get; init; }

    /// <summary>Records applied a second by the replay: so far, or in all once ready.</summary>
    public double RecordsPerSecond { get; init; }

    /// <summary>Readable entries of the serving generation, or of the replay before there is one. Exact.</summary>
    public required long Entries { get; init; }

    /// <summary>Bytes that the store holds in memory: its log's pages and its index.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The most that the store may hold in memory: the option <c>Store.MemoryBudget</c>, in bytes.</summary>
    public long MemoryBudgetBytes { get; init; }

    /// <summary>From the cache's creation until it was first ready; <see langword="null"/> before.</summary>
    public TimeSpan? TimeToReady { get; init; }

    /// <summary>Records applied since the cache was created, over all generations; tombstones and skipped records included.</summary>
    public required long RecordsApplied { get; init; }

    /// <summary>Bytes of the keys and values of <see cref="RecordsApplied"/>, as they came: compressed no more, headers left out.</summary>
    public long BytesApplied { get; init; }

    /// <summary>Generations begun because the log had changed or tombstones may have been missed: every one after the first.</summary>
    public long Rebuilds { get; init; }

    /// <summary>Consumers opened in place of one that was beyond use, had fallen silent, or read too few partitions.</summary>
    public long ConsumerRecreations { get; init; }

    /// <summary>Kafka clients that did not end within 5 seconds of being closed and were left behind: each keeps its threads and its
    /// memory. The cache goes on without them.</summary>
    public long ClientsLeftBehind { get; init; }

    /// <summary>Record errors since the cache was created.</summary>
    public required long RecordErrors { get; init; }

    /// <summary><see cref="RecordErrors"/> by what was wrong; a reason that has not occurred is not in it.</summary>
    public IReadOnlyDictionary<RecordErrorReason, long> RecordErrorsByReason { get; init; } =
        ReadOnlyDictionary<RecordErrorReason, long>.Empty;

    /// <summary>The latest record errors, the newest first, 20 at most: where and why, never what.</summary>
    public IReadOnlyList<RecordErrorSighting> RecentRecordErrors { get; init; } = [];

    /// <summary>Records of the generation that <see cref="Entries"/> counts that gave way to, or displaced, an entry of another partition.
    /// Above 0, writers disagree on the partition of a key (two partitioners, or partitions added to the topic): its order is told by time
    /// alone then, and compaction may lose its tombstone.</summary>
    public long KeysSeenInTwoPartitions { get; init; }

    /// <summary>Keys that the latest records of more than one record key yield, in the generation that <see cref="Entries"/> counts: the
    /// record with the latest timestamp is the entry, the others wait. Above 0 only with a resolver.</summary>
    public long ContestedKeys { get; init; }

    /// <summary>Bytes held beside the store, on top of <see cref="MemoryBytes"/> and out of its budget, to settle what is contested: the
    /// entries that wait for a key; and up to 16 MiB of records that are out of force, as tombstones are, and may matter to a record key
    /// that stands in two partitions. Above 0 only with a resolver.</summary>
    public long ContestedBytes { get; init; }

    /// <summary>How the records of the generation that <see cref="Entries"/> counts come, or came last.</summary>
    public RecordSourceKind Source { get; init; }

    /// <summary>Why the cache is faulted, when <see cref="Phase"/> is <see cref="CachePhase.Faulted"/>; else
    /// <see langword="null"/>.</summary>
    public Exception? Fault { get; init; }

    /// <summary>What <see cref="Fault"/> says, where it can't quote a record: user code that threw may have put a key or a value into its
    /// message, and then this names the exception's type alone. Fit for a page or an answer; <see langword="null"/> without a
    /// fault.</summary>
    public string? FaultText { get; init; }

    /// <summary>What the cache waits for or suffers from right now, in words for a person; <see langword="null"/> when all is
    /// well.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the thread lives that replays the topic and follows it. Where it doesn't and <see cref="Phase"/> is neither
    /// <see cref="CachePhase.Faulted"/> nor <see cref="CachePhase.Stopped"/>, the library has an error, and only a new process mends
    /// it.</summary>
    public bool IsReplayRunning { get; init; }

    /// <summary>How long ago the brokers last confirmed that the cache keeps up with the end of the log.</summary>
    public TimeSpan SinceConfirmed { get; init; }

    /// <summary>The partitions, in order; empty until the topic is known.</summary>
    public required IReadOnlyList<PartitionStatus> Partitions { get; init; }
}
