namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>The cache of one pod. The pods of a contender share only the store behind their caches.</summary>
internal interface IHybridInstance : IAsyncDisposable
{
    ValueTask<User> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<User>> factory, params string[] tags);

    /// <summary>A hit: like <see cref="GetOrCreateAsync"/>, with a factory that allocates nothing and throws if it runs.</summary>
    ValueTask<User> HitAsync(string key);

    /// <summary>A hit of a mutable type. An implementation that isolates its callers gives each of them its own instance.</summary>
    ValueTask<MutableUser> MutableHitAsync(string key);

    ValueTask<MutableUser> CreateMutableAsync(string key, Func<CancellationToken, ValueTask<MutableUser>> factory);

    /// <summary>Reads without a factory.</summary>
    /// <returns>The value; <see langword="null"/> if there is none, or if it has been invalidated.</returns>
    ValueTask<User?> ReadAsync(string key);

    ValueTask SetAsync(string key, User value);

    ValueTask RemoveByTagAsync(string tag);
}
