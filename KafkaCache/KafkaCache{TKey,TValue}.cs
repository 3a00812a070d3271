using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Parts;
using KafkaCaching.Puts;
using KafkaCaching.Reads;
using KafkaCaching.Store;
using KafkaCaching.Transports;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching;

/// <summary>A cache of a compacted topic, created by <see cref="KafkaCache.Create"/>. Every member may be called from any number of threads
/// at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed class KafkaCache<TKey, TValue> : IKafkaCache<TKey, TValue>, IDisposable, IAsyncDisposable
    where TKey : notnull
{
    // Within ten seconds, an end is over. Its steps share this time, and the rest is for the delays of a busy machine.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(9.5);

    private readonly CacheParts<TKey, TValue> _parts;
    private readonly EntryReader<TKey, TValue> _reader;
    private readonly Putter<TKey, TValue>? _putter;
    private readonly AppliedWait _applied;
    private readonly CacheState _state;
    private readonly IDisposable _metrics;
    private readonly SingleEnd _end = new();

    private KafkaCache(CacheParts<TKey, TValue> parts)
    {
        _parts = parts;
        _reader = parts.Reads.Entries;
        _putter = parts.Putter;
        _applied = parts.Replay.Applied;
        _state = parts.Replay.State;
        _metrics = CacheMetrics.For(parts.MeterFactory).Add(Name, Topic, () => Status, parts.Reads.Counts);
    }

    internal static KafkaCache<TKey, TValue> Start(
        KafkaCacheOptions<TKey, TValue> options, ILoggerFactory? loggerFactory, Func<StoreSettings, IStateStore>? createStore = null,
        bool countsReads = true)
    {
        WarmUp.Begin();
        return Start(options, CheckedOptions.Of(options).Take(), loggerFactory, createStore, countsReads);
    }

    // Starts a cache with options that are known to be valid, and with the transport that was created from them. The cache disposes of the
    // transport.
    internal static KafkaCache<TKey, TValue> Start(
        KafkaCacheOptions<TKey, TValue> options, Transport transport, ILoggerFactory? loggerFactory,
        Func<StoreSettings, IStateStore>? createStore = null, bool countsReads = true)
    {
        WarmUp.Begin();
        CacheParts<TKey, TValue>? parts = null;
        try
        {
            parts = CacheParts<TKey, TValue>.Of(options, transport, loggerFactory, createStore, countsReads);
            // The replay starts first, so that its first requests are in flight while the metrics are set up.
            parts.Replay.Supervisor.Start();
            return new KafkaCache<TKey, TValue>(parts);
        }
        catch
        {
            parts?.Putter?.Dispose();
            parts?.Replay.Supervisor.Dispose();
            transport.Dispose();
            throw;
        }
    }

    /// <summary>Whether a container owns the cache. <see cref="Dispose"/> and <see cref="DisposeAsync"/> then do nothing.</summary>
    internal bool IsOwned { get; set; }

    /// <summary>The parts of the cache, for its tests.</summary>
    internal CacheParts<TKey, TValue> Parts => _parts;

    /// <inheritdoc/>
    public string Name => _parts.Context.Name;

    /// <inheritdoc/>
    public string Topic => _parts.Context.Topic;

    /// <inheritdoc/>
    public bool IsReadOnly => _putter is null;

    /// <inheritdoc/>
    public CacheStatus Status => _parts.Replay.Status.Snapshot();

    /// <inheritdoc/>
    public long Count => _reader.Count;

    /// <inheritdoc/>
    public long ContentVersion => _state.Readable?.ContentVersion ?? 0;

    /// <inheritdoc/>
    public void WaitUntilReady(TimeSpan? timeout = null)
    {
        var limit = timeout ?? _parts.ReadyTimeout;
        if (!_state.Ready.Wait(limit, _parts.Context.Time))
            throw NotReadyWithin(limit);
        _state.ThrowIfEnded();
    }

    /// <inheritdoc/>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) =>
        WaitUntilReadyAsync(_parts.ReadyTimeout, cancellationToken);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(QuietTaskMethodBuilder))]
    public async Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            await _state.Ready.Task.WaitAsync(timeout, _parts.Context.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw NotReadyWithin(timeout);
        }

        _state.ThrowIfEnded();
    }

    /// <inheritdoc/>
    public TValue? Get(TKey key) => TryGet(key, out var value) ? value : default;

    /// <inheritdoc/>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _reader.TryGetValue(key, out value);
    }

    /// <inheritdoc/>
    public bool TryGetEntry(TKey key, out CacheEntry<TValue> entry)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _reader.TryGet(key, out entry);
    }

    /// <inheritdoc/>
    public bool ContainsKey(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _reader.Contains(key);
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<TKey, TValue>> GetMany(IEnumerable<TKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var found = new List<KeyValuePair<TKey, TValue>>();
        foreach (var key in keys)
        {
            if (TryGetEntry(key, out var entry))
                found.Add(KeyValuePair.Create(key, entry.Value));
        }

        return found;
    }

    /// <inheritdoc/>
    public bool TryGetBytes(TKey key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        return _reader.TryGetBytes(key, destination);
    }

    /// <inheritdoc/>
    public bool TryGetBytes(TKey key, IBufferWriter<byte> destination, out CachePosition position, out DateTimeOffset timestamp)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        var found = _reader.TryGetBytes(key, destination, out var metadata);
        (position, timestamp) = found
            ? (new CachePosition(metadata.Partition, metadata.Offset), RecordTime.Of(metadata.TimestampMs))
            : default;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => _reader.Keys();

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Scan() => _reader.Scan();

    /// <inheritdoc/>
    public IReadOnlyList<CacheIndex> Indexes => _parts.Reads.Indexes.Indexes;

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Find<TTerm>(CacheIndex<TTerm> index, TTerm term) =>
        _parts.Reads.Indexes.Find(index, term);

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Find<TTerm>(string index, TTerm term)
    {
        ArgumentNullException.ThrowIfNull(index);
        return _parts.Reads.Indexes.Find(index, term);
    }

    /// <inheritdoc/>
    public long CountOf<TTerm>(CacheIndex<TTerm> index, TTerm term) => _parts.Reads.Indexes.CountOf(index, term);

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> ScanPrefix(TKey prefix)
    {
        RequireKey(prefix);
        return _parts.Reads.Indexes.ScanPrefix(prefix);
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> ScanRange(TKey from, TKey to)
    {
        RequireKey(from);
        RequireKey(to);
        return _parts.Reads.Indexes.ScanRange(from, to);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CacheChange<TKey, TValue>> WatchAsync(
        WatchOptions<TKey>? options = null, CancellationToken cancellationToken = default) =>
        _parts.Reads.Watcher.RunAsync(options ?? new WatchOptions<TKey>(), cancellationToken);

    /// <inheritdoc/>
    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken = default) =>
        _applied.WaitAsync(position, cancellationToken);

    /// <inheritdoc/>
    public PutResult Put(TKey key, TValue value, PutWait wait = PutWait.Acknowledged) => Put(key, value, PutOptions.Of(wait));

    /// <inheritdoc/>
    public PutResult Put(TKey key, TValue value, PutOptions options)
    {
        var putter = Writable();
        RequireKey(key);
        Putter<TKey, TValue>.RequireValue(value);
        ArgumentNullException.ThrowIfNull(options);
        return putter.Put(key, value, options);
    }

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(
        TKey key, TValue value, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default) =>
        PutAsync(key, value, PutOptions.Of(wait), cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> PutAsync(TKey key, TValue value, PutOptions options, CancellationToken cancellationToken = default)
    {
        var putter = Writable();
        RequireKey(key);
        Putter<TKey, TValue>.RequireValue(value);
        ArgumentNullException.ThrowIfNull(options);
        return putter.PutAsync(key, value, options, cancellationToken);
    }

    /// <inheritdoc/>
    public PutResult Remove(TKey key, PutWait wait = PutWait.Acknowledged) => Remove(key, PutOptions.Of(wait));

    /// <inheritdoc/>
    public PutResult Remove(TKey key, PutOptions options)
    {
        var putter = Writable();
        RequireKey(key);
        ArgumentNullException.ThrowIfNull(options);
        return putter.Remove(key, options);
    }

    /// <inheritdoc/>
    public Task<PutResult> RemoveAsync(TKey key, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default) =>
        RemoveAsync(key, PutOptions.Of(wait), cancellationToken);

    /// <inheritdoc/>
    public Task<PutResult> RemoveAsync(TKey key, PutOptions options, CancellationToken cancellationToken = default)
    {
        var putter = Writable();
        RequireKey(key);
        ArgumentNullException.ThrowIfNull(options);
        return putter.RemoveAsync(key, options, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PutAttempt>> PutManyAsync(
        IEnumerable<KeyValuePair<TKey, TValue>> entries, PutWait wait = PutWait.Acknowledged,
        CancellationToken cancellationToken = default) =>
        PutManyAsync(entries, PutOptions.Of(wait), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PutAttempt>> PutManyAsync(
        IEnumerable<KeyValuePair<TKey, TValue>> entries, PutOptions options, CancellationToken cancellationToken = default)
    {
        var putter = Writable();
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(options);
        return PutMany.RunAsync(putter, entries, options.WithOwnHeaders(), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PutAttempt>> RemoveManyAsync(
        IEnumerable<TKey> keys, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default) =>
        RemoveManyAsync(keys, PutOptions.Of(wait), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PutAttempt>> RemoveManyAsync(
        IEnumerable<TKey> keys, PutOptions options, CancellationToken cancellationToken = default)
    {
        var putter = Writable();
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        return PutMany.RemoveAsync(putter, keys, options.WithOwnHeaders(), cancellationToken);
    }

    /// <summary>Flushes the puts in flight for a few seconds, ends every wait, and stops the replay. A second call returns when the first
    /// one does. If the cache was created by a container (with <c>AddKafkaCache</c>), this does nothing, because the container ends the
    /// cache.</summary>
    public void Dispose()
    {
        if (!IsOwned)
            End();
    }

    /// <summary>Does the same as <see cref="Dispose"/>, but without blocking the caller.</summary>
    /// <returns>A task that completes when everything has been released.</returns>
    public ValueTask DisposeAsync() => IsOwned ? ValueTask.CompletedTask : EndAsync();

    internal void End()
    {
        // User code on the replay thread, such as a resolver, must not wait here, because the end waits for that thread.
        if (!_end.HasBegun || !_parts.Replay.Supervisor.IsCurrentThread)
            _end.Run(EndParts);
    }

    internal ValueTask EndAsync() => new(Blocking.RunAsync(End));

    private void EndParts()
    {
        var started = TimeProvider.System.GetTimestamp();
        _putter?.Dispose();
        _state.Stop();
        _parts.Replay.Waiters.End(_state.Disposed);
        _parts.Replay.Changes.End(_state.Disposed);
        _metrics.Dispose();
        _parts.Replay.Supervisor.Dispose();
        _parts.Context.Transport.Dispose(EndLimit - TimeProvider.System.GetElapsedTime(started));
    }

    private Putter<TKey, TValue> Writable()
    {
        if (_end.HasBegun)
            throw _state.Disposed();
        return _putter ?? throw new InvalidOperationException($"The cache '{Name}' is read-only. Set the option ReadOnly to false to put.");
    }

    private static void RequireKey(TKey key) => ArgumentNullException.ThrowIfNull(key);

    private TimeoutException NotReadyWithin(TimeSpan limit) =>
        new($"The cache '{Name}' was not ready within {limit.TotalSeconds:0.###} s. {_parts.Replay.Status.WhyNotReady()}");
}
