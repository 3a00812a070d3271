namespace KafkaCaching.Demo;

/// <summary>A cache of whatever types, as the status routes and the progress see it.</summary>
internal sealed class ServedCache : IAsyncDisposable
{
    // Together with the HTTP server's own limit this stays below the 5 s within which the demo ends.
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(2);

    private readonly Func<CacheStatus> _status;
    private readonly IAsyncDisposable _cache;

    private ServedCache(string topic, Func<CacheStatus> status, IAsyncDisposable cache)
    {
        Topic = topic;
        _status = status;
        _cache = cache;
    }

    public string Topic { get; }

    public CacheStatus Status => _status();

    public static ServedCache Of<TKey, TValue>(IReadOnlyKafkaCache<TKey, TValue> cache)
        where TKey : notnull =>
        new(cache.Topic, () => cache.Status, cache);

    public async ValueTask DisposeAsync() => await _cache.DisposeAsync();

    /// <summary>Disposes of all at once: each waits for its own puts.</summary>
    /// <returns>Whether all were done in time.</returns>
    public static async Task<bool> DisposeAllAsync(IEnumerable<ServedCache> caches)
    {
        var disposals = Task.WhenAll(caches.Select(cache => Task.Run(() => cache.DisposeAsync().AsTask())));
        return await Task.WhenAny(disposals, Task.Delay(DisposeTimeout)) == disposals;
    }
}
