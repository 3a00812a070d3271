namespace KafkaCaching.Hosting;

/// <summary>The object that a container disposes of to end a cache that it created. The owner is created together with the cache. A
/// container disposes of the objects that its factories returned, the latest first, and once for each factory. If it disposed of the cache
/// itself, a cache that is requested again later, by another type or name, would end before the services that received it
/// earlier.</summary>
internal sealed class CacheOwner<TKey, TValue> : IDisposable, IAsyncDisposable
    where TKey : notnull
{
    private readonly Func<Task> _end;

    public CacheOwner(KafkaCache<TKey, TValue> cache, CacheEnds ends)
    {
        cache.IsOwned = true;
        Cache = cache;
        _end = ends.Join(cache.End);
    }

    public KafkaCache<TKey, TValue> Cache { get; }

    public void Dispose() => _end().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => new(_end());
}
