namespace KafkaCaching;

/// <summary>A change of a view, as <see cref="IKafkaCacheView{TKey, TView}.WatchAsync"/> reports it.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TView">The type of the joined values.</typeparam>
/// <param name="Kind">The kind of the change.</param>
/// <param name="Key">The key; unused in <see cref="CacheChangeKind.Ready"/>.</param>
/// <param name="Previous">The value that this watch last reported for the key, if any.</param>
/// <param name="Current">The new joined value, if any.</param>
/// <param name="Cache">The name of the cache whose record caused the change; <see langword="null"/> in
/// <see cref="CacheChangeKind.Ready"/>.</param>
/// <param name="Position">The position, in <paramref name="Cache"/>, of the record that caused the change. In
/// <see cref="CacheChangeKind.Initial"/>, it is the position of the record of the key's own entry.</param>
/// <param name="FromRebuild">Whether the cache reported the record because it was rebuilt.</param>
public readonly record struct ViewChange<TKey, TView>(
    CacheChangeKind Kind, TKey Key, TView? Previous, TView? Current, string? Cache, CachePosition Position, bool FromRebuild)
    where TKey : notnull;
