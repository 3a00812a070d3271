namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>The cache of one pod. Pods of one contender share what lies behind their caches, and nothing else.</summary>
internal interface IHybridInstance : IAsyncDisposable
{
    ValueTask<User> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<User>> factory, params string[] tags);

    /// <summary>A hit: as <see cref="GetOrCreateAsync"/>, with a factory that allocates nothing and that no hit runs.</summary>
    ValueTask<User> HitAsync(string key);

    /// <summary>A hit of a type whose instances callers can change. An implementation that keeps its callers apart gives each its
    /// own.</summary>
    ValueTask<MutableUser> MutableHitAsync(string key);

    ValueTask<MutableUser> CreateMutableAsync(string key, Func<CancellationToken, ValueTask<MutableUser>> factory);

    /// <summary>Reads without a factory.</summary>
    /// <returns>The value; <see langword="null"/> if there is none, or if it has been invalidated.</returns>
    ValueTask<User?> ReadAsync(string key);

    ValueTask SetAsync(string key, User value);

    ValueTask RemoveByTagAsync(string tag);
}
