using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace KafkaCaching;

/// <summary>A cache of a compacted topic, made by <see cref="KafkaCache.Create"/>. Every member may be called from any number of threads at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed class KafkaCache<TKey, TValue> : IKafkaCache<TKey, TValue>
    where TKey : notnull
{
    internal static KafkaCache<TKey, TValue> Start(KafkaCacheOptions<TKey, TValue> options, ILoggerFactory? loggerFactory) => throw new NotImplementedException();

    /// <inheritdoc/>
    public string Name => throw new NotImplementedException();

    /// <inheritdoc/>
    public string Topic => throw new NotImplementedException();

    /// <inheritdoc/>
    public CacheStatus Status => throw new NotImplementedException();

    /// <inheritdoc/>
    public long Count => throw new NotImplementedException();

    /// <inheritdoc/>
    public void WaitUntilReady(TimeSpan? timeout = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public TValue? Get(TKey key) => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool TryGetEntry(TKey key, out CacheEntry<TValue> entry) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Scan() => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public PutResult Put(TKey key, TValue value, PutWait wait = PutWait.Acknowledged) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(TKey key, TValue value, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public PutResult Remove(TKey key, PutWait wait = PutWait.Acknowledged) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<PutResult> RemoveAsync(TKey key, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<PutAttempt>> PutManyAsync(IEnumerable<KeyValuePair<TKey, TValue>> entries, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
