namespace KafkaCaching;

/// <summary>Receives the entries that a <see cref="Resolver{TKey, TValue}"/> yields. It may be used only on the replay thread, during the
/// call of the resolver.</summary>
/// <typeparam name="TKey">The type of the cache's keys.</typeparam>
/// <typeparam name="TValue">The type of the cache's values.</typeparam>
public interface ICacheUpdates<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Yields an entry. A second entry with the same key replaces the first.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, which must not be <see langword="null"/>. To yield nothing, do not call this method.</param>
    /// <exception cref="ArgumentNullException">The key or the value is <see langword="null"/>.</exception>
    void Set(TKey key, TValue value);
}
