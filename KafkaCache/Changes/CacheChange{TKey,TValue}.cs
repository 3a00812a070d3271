namespace KafkaCaching;

/// <summary>A change of a cache, as <see cref="IReadOnlyKafkaCache{TKey, TValue}.WatchAsync"/> reports it.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <param name="Kind">The kind of the change.</param>
/// <param name="Key">The key. It has no meaning in a <see cref="CacheChangeKind.Ready"/> change.</param>
/// <param name="Previous">The last entry that this watch reported for the key; <see langword="null"/> if there was none.</param>
/// <param name="Current">The new entry of the key; <see langword="null"/> if the key no longer has one.</param>
/// <param name="Position">The position of the record that caused the change. Within a partition, positions ascend, except where
/// <paramref name="FromRebuild"/> is set. For <see cref="CacheChangeKind.Initial"/>, and for an entry that expired or was evicted, it is
/// the position of the entry's own record.</param>
/// <param name="FromRebuild">Whether the change is part of the difference between the entries before and after the cache was
/// rebuilt.</param>
public readonly record struct CacheChange<TKey, TValue>(
    CacheChangeKind Kind, TKey Key, CacheEntry<TValue>? Previous, CacheEntry<TValue>? Current, CachePosition Position, bool FromRebuild)
    where TKey : notnull
{
    /// <summary>The point from which a later watch can continue after this change: see <see cref="WatchOptions{TKey}.ResumeAfter"/>. It is
    /// <see langword="null"/> if <see cref="WatchOptions{TKey}.WithCursors"/> is not set, and for a change that is followed by others of
    /// the same record.</summary>
    public WatchCursor? Cursor { get; init; }
}
