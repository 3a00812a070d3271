namespace KafkaCaching.Hosting;

/// <summary>What a container disposes of when it comes to a cache of its own: this alone, made when the cache was. A container disposes of
/// what its factories gave, the latest first, and once for each factory: a cache that somebody asks for again, by another type or name,
/// would end before those who got it earlier.</summary>
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
