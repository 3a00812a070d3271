namespace KafkaCaching.Tests.Histories.Model;

internal enum TransactionState
{
    Open,
    Committed,
    Aborted,
}

/// <summary>A transaction of some producer.</summary>
internal sealed class ModelTransaction
{
    public TransactionState State { get; set; }
}

/// <summary>What is wrong with a record, known by whoever wrote it.</summary>
internal enum Flaw
{
    None,
    NullKey,
    BadKey,
    BadValue,
    ResolverThrows,
    Oversize,
}

/// <summary>A record at its offset. What the cleaner takes stays here, marked: the fold of the log is that of all that was
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

    /// <summary>Nobody reads it yet, or ever.</summary>
    public bool IsHidden => transaction is { State: not TransactionState.Committed };

    public bool IsOpen => transaction is { State: TransactionState.Open };

    public bool IsOf(ModelTransaction other) => transaction == other;

    /// <summary>The cleaner took it for a later record of its key.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>When the cleaner first found that it is a tombstone with nothing before it.</summary>
    public TimeSpan? FirstCleaned { get; set; }

    /// <summary>The cleaner took it: superseded, or a tombstone that was old enough.</summary>
    public bool IsCleaned { get; set; }
}
