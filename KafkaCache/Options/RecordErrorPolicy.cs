namespace KafkaCaching;

/// <summary>What happens to a record that can't be used. With every policy, the error is counted and logged with the record's position, and
/// waiters for the record are released.</summary>
public enum RecordErrorPolicy
{
    /// <summary>The cache faults instead of continuing without the record. This is the default.</summary>
    Fail,

    /// <summary>The record is skipped, and its key keeps the value that it had before. A cache that starts after compaction has removed
    /// that value does not have it.</summary>
    Skip,

    /// <summary>Reads of the record's key throw <see cref="RecordErrorException"/>, and <c>Count</c> and <c>Scan</c> leave the key out,
    /// until a valid record arrives. With a resolver, the key with the same bytes as the record key is quarantined and, if the record's
    /// only fault is the size of its entries, so are the keys that the record yields. The entries that the record key yielded before are
    /// removed, because a cache that starts later can't know them.</summary>
    Quarantine,
}
