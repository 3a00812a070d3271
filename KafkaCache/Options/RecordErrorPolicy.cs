namespace KafkaCaching;

/// <summary>What happens to a record that can't be used. With every policy, the error is counted and logged with its position, and the
/// offset is settled.</summary>
public enum RecordErrorPolicy
{
    /// <summary>The cache faults instead of continuing without the record. This is the default.</summary>
    Fail,

    /// <summary>The record is passed over, and its key keeps the value that it had. A cache that starts after compaction has removed that
    /// value doesn't have it.</summary>
    Skip,

    /// <summary>Reads of the record's key throw <see cref="RecordErrorException"/>, and <c>Count</c> and <c>Scan</c> leave the key out,
    /// until a good record arrives. With a resolver, the quarantined keys are the key with the bytes of the record key, and the keys that
    /// the record yields if only their size is refused. The entries that the record key yielded before are absent, because a cache that
    /// starts later can't know them.</summary>
    Quarantine,
}
