namespace KafkaCaching;

/// <summary>Takes the entries that a <see cref="Resolver{TKey, TValue}"/> yields. Used on the replay thread, during the call,
/// alone.</summary>
/// <typeparam name="TKey">The type of the cache's keys.</typeparam>
/// <typeparam name="TValue">The type of the cache's values.</typeparam>
public interface ICacheUpdates<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Yields an entry; a second one with the same key replaces the first.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; not <see langword="null"/>: to yield nothing, don't call.</param>
    /// <exception cref="ArgumentNullException">The key or the value is <see langword="null"/>.</exception>
    void Set(TKey key, TValue value);
}
