namespace KafkaCaching.Tests.Histories.Model;

internal enum TransactionState
{
    Open,
    Committed,
    Aborted,
}

/// <summary>A transaction.</summary>
internal sealed class ModelTransaction
{
    public TransactionState State { get; set; }
}

/// <summary>The flaw that a writer has given a record.</summary>
internal enum Flaw
{
    None,
    NullKey,
    BadKey,
    BadValue,
    ResolverThrows,
    Oversize,
}

/// <summary>A record at its offset. The cleaner only marks records as removed, because the fold is computed from all records that were
/// written.</summary>
internal sealed class ModelRecord(
    int partition, long offset, long timestampMs, byte[]? key, byte[]? value, Flaw flaw, ModelTransaction? transaction)
{
    public int Partition { get; } = partition;

    public long Offset { get; } = offset;

    public long TimestampMs { get; } = timestampMs;

    public byte[]? Key { get; } = key;

    public byte[]? Value { get; } = value;

    public Flaw Flaw { get; } = flaw;

    /// <summary>Whether readers don't see the record, because its transaction is open or aborted.</summary>
    public bool IsHidden => transaction is { State: not TransactionState.Committed };

    public bool IsOpen => transaction is { State: TransactionState.Open };

    public bool IsOf(ModelTransaction other) => transaction == other;

    /// <summary>Whether the cleaner has removed the record because of a later one of its key.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>When the cleaner first found that the record is a tombstone without earlier records of its key.</summary>
    public TimeSpan? FirstCleaned { get; set; }

    /// <summary>Whether the cleaner has removed the record, as superseded or as an old tombstone.</summary>
    public bool IsCleaned { get; set; }
}
