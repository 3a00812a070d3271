namespace KafkaCaching;

/// <summary>What a <see cref="CacheChange{TKey, TValue}"/> reports.</summary>
public enum CacheChangeKind
{
    /// <summary>An entry that existed when the watch began.</summary>
    Initial,

    /// <summary>The initial content is complete; it may be empty. This is reported once, after every <see cref="Initial"/> and before every
    /// other change.</summary>
    Ready,

    /// <summary>A key that had no value now has one, or the value of a key has changed.</summary>
    Set,

    /// <summary>A key has lost its value: a tombstone was applied, a resolver no longer yields the key, the key was quarantined, the entry
    /// expired and was swept, or a full store evicted it.</summary>
    Removed,
}
