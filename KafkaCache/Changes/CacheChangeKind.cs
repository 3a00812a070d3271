namespace KafkaCaching;

/// <summary>What a <see cref="CacheChange{TKey, TValue}"/> reports.</summary>
public enum CacheChangeKind
{
    /// <summary>An entry that was there when the watch began.</summary>
    Initial,

    /// <summary>The initial content is complete, even if it is empty. It comes once, after every <see cref="Initial"/> and before every
    /// other change.</summary>
    Ready,

    /// <summary>A key has got a value, or another value.</summary>
    Set,

    /// <summary>A key has lost its value: by a tombstone, by a resolver that no longer yields it, because it has been quarantined, because
    /// it has expired and was swept, or because a full store has evicted it.</summary>
    Removed,
}
