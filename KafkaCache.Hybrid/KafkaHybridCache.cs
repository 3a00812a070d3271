using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Hybrid.Contents;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Fills;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Reads;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Requests;
using KafkaCaching.Hybrid.Validity;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid;

/// <summary>A <see cref="HybridCache"/> over a compacted Kafka topic: every pod has all entries in its memory, and an invalidation in one
/// pod takes effect in all of them. <c>AddKafkaHybridCache</c> registers it, and the container creates and disposes of it. Every member may
/// be called from any number of threads at once.</summary>
public sealed class KafkaHybridCache : HybridCache
{
    /// <summary>The name of the meter of this package's metrics.</summary>
    public const string MeterName = "KafkaCache.Hybrid";

    /// <summary>The name of the activity source of this package's spans.</summary>
    public const string ActivitySourceName = "KafkaCache.Hybrid";

    private readonly HybridParts _parts;
    private readonly HybridReader _reader;
    private readonly OutcomeCounts _requests;
    private readonly IDisposable _metrics;
    private int _disposed;

    internal KafkaHybridCache(HybridParts parts)
    {
        _parts = parts;
        _reader = parts.Reader;
        _requests = parts.Counts.Requests;
        _metrics = HybridMetrics.For(parts.MeterFactory).Add(Name, parts.Cache.Topic, parts.Counts);
    }

    /// <summary>The name that was given to <c>AddKafkaHybridCache</c>.</summary>
    public string Name => _parts.Name;

    /// <summary>The underlying cache of the topic, for its status and for waiting until it is ready or has applied a position of another
    /// pod.</summary>
    public IKafkaCache Cache => _parts.Cache;

    /// <summary>The longest expiration that the cache accepts, as set by the option of the same name.</summary>
    public TimeSpan MaxTimeToLive => _parts.Lifetimes.MaxTimeToLive;

    /// <summary>The largest value that is stored, in serialized bytes, as set by the option of the same name.</summary>
    public long MaximumPayloadBytes => _parts.MaximumPayloadBytes;

    /// <summary>The counts of this cache since it was created.</summary>
    public HybridCacheStatistics Statistics => _parts.Counts.ToStatistics();

    internal HybridParts Parts => _parts;

    /// <summary>Gets a value from the cache, without running a factory or writing anything.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, if there is a valid and fresh one of this type.</param>
    /// <returns>Whether there is such a value. There is none while the cache can't be read.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public bool TryGet<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfDisposed();
        var found = _reader.TryGet(key, access: default, out value);
        _requests.Count(found ? RequestOutcome.Hit : RequestOutcome.Miss);
        return found;
    }

    /// <summary>Gets a value from the cache or, on a miss, from its source. A hit completes synchronously.</summary>
    /// <remarks>Callers in this process that ask for one key at the same time share one run of the factory. The factory's token is
    /// cancelled when the last of these callers has been cancelled. A value is stored in the background: this process finds it at once, the
    /// other processes when they have applied its record. If it can't be stored, the failure is counted and logged, and the value is still
    /// returned.</remarks>
    /// <typeparam name="TState">The type of the factory's argument.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key: 1 to <c>MaximumKeyLength</c> characters, not all of them white space, without control characters and
    /// unpaired surrogates. With any other key, the factory runs and its value is not cached.</param>
    /// <param name="state">The factory's argument.</param>
    /// <param name="factory">Reads the value from its source.</param>
    /// <param name="options">How long the value is fresh, and which stores the call skips. Default: the options of the cache.</param>
    /// <param name="tags">Names by which <c>RemoveByTagAsync</c> invalidates the value. They are read only if the factory runs.</param>
    /// <param name="cancellationToken">Cancels the wait of this caller.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="factory"/> is
    /// <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A tag is not allowed, or is <c>*</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An expiration is below 1 second or above <c>MaxTimeToLive</c>.</exception>
    /// <exception cref="InvalidOperationException">The call comes from a factory that it would wait for.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="OnlyIfCachedException">There is no value, and the <see cref="CacheRequest"/> accepts only cached
    /// values.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        _parts.Lifetimes.Require(options);
        if (CacheRequest.Current is { } request)
            return GetOrCreateForAsync(request, key, state, factory, options, tags, cancellationToken);
        if (_reader.TryGet(key, EntryAccess.Of(options), out T value))
        {
            _requests.Count(RequestOutcome.Hit);
            return new ValueTask<T>(value);
        }

        return LoadAsync(key, state, factory, options, tags, cancellationToken);
    }

    /// <summary>Begins a fill for code that reads the source itself. Call it before reading the source.</summary>
    /// <param name="key">The key under which the value will be stored.</param>
    /// <returns>The fill.</returns>
    /// <exception cref="ArgumentException">The key is not allowed.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public HybridFill BeginFill(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfDisposed();
        _parts.Keys.RequireKey(key);
        return new HybridFill(_parts, key);
    }

    /// <summary>Sets a value. When the task has completed, the value is in the topic and readable in this process, and no fill that began
    /// earlier can replace it.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">How long the value is fresh, and which stores the call skips. Default: the options of the cache.</param>
    /// <param name="tags">Names by which <c>RemoveByTagAsync</c> invalidates the value.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the value is readable here.</returns>
    /// <exception cref="ArgumentException">The key or a tag is not allowed, or the value is larger than
    /// <c>MaximumPayloadBytes</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An expiration is below 1 second or above <c>MaxTimeToLive</c>.</exception>
    /// <exception cref="PutException">The value could not be written.</exception>
    /// <exception cref="CacheNotReadyException">The cache has not become ready yet, or has faulted.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public override async ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfDisposed();
        _parts.Keys.RequireKey(key);
        var tagMarks = _parts.TagMarksOf(tags);
        _parts.Lifetimes.Require(options);
        var access = EntryAccess.Of(options);
        if (!access.WritesStored && !access.WritesLocalOnly)
            return;
        var capture = _parts.Watch.Capture() ?? throw NotReady();
        var payload = _parts.Encoder.EncodeOrThrow(value);
        var record = new StoredRecord(payload.Kind, payload.Bytes)
        {
            AsOf = capture.AsOf,
            FreshFor = access.WritesStored ? _parts.Lifetimes.FreshFor(options) : _parts.Lifetimes.LocallyFreshFor(options),
            SetNumber = access.WritesStored ? Random.Shared.NextInt64(1, long.MaxValue) : 0,
            TagMarks = tagMarks,
        };
        if (access.WritesStored)
            await _parts.Writer.SetAsync(key, record, cancellationToken).ConfigureAwait(false);
        else
            _parts.Writer.KeepLocally(key, record);
    }

    /// <summary>Removes a value. When the task has completed, the value is removed here, and no fill that began earlier can bring it back.
    /// The other pods see the removal when they have applied its record, usually within milliseconds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the wait, not the removal.</param>
    /// <returns>A task that completes when the removal is applied here.</returns>
    /// <exception cref="ArgumentException">The key is not allowed, so nothing can be stored under it.</exception>
    /// <exception cref="PutException">The removal could not be written.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public override async ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfDisposed();
        _parts.Keys.RequireKey(key);
        await _parts.Writer.InvalidateAsync(RecordKeys.MarkOfKey(key), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="RemoveAsync(string, CancellationToken)"/>
    /// <param name="keys">The keys. Their removals are written in parallel.</param>
    /// <param name="cancellationToken">Cancels the wait, not the removals.</param>
    public override async ValueTask RemoveAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        await Task.WhenAll([.. keys.Select(key => RemoveAsync(key, cancellationToken).AsTask())]).ConfigureAwait(false);
    }

    /// <summary>Invalidates all values that have a tag, in all pods. When the task has completed, none of them is returned here; the other
    /// pods follow when they have applied the record, usually within milliseconds.</summary>
    /// <param name="tag">The tag; <c>*</c> invalidates everything.</param>
    /// <param name="cancellationToken">Cancels the wait, not the invalidation.</param>
    /// <returns>A task that completes when the invalidation is applied here.</returns>
    /// <exception cref="ArgumentException">The tag is not allowed.</exception>
    /// <exception cref="PutException">The invalidation could not be written.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public override async ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
        await InvalidateTagAsync(tag, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="RemoveByTagAsync(string, CancellationToken)"/>
    /// <param name="tags">The tags. Their invalidations are written in parallel.</param>
    /// <param name="cancellationToken">Cancels the wait, not the invalidations.</param>
    public override async ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        await Task.WhenAll(tags.Select(tag => InvalidateTagAsync(tag, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Does the same as <see cref="RemoveByTagAsync(string, CancellationToken)"/>, and returns the position of the invalidation,
    /// so that another pod can wait for it.</summary>
    /// <param name="tag">The tag; <c>*</c> invalidates everything.</param>
    /// <param name="cancellationToken">Cancels the wait, not the invalidation.</param>
    /// <returns>The position, once the invalidation is applied here.</returns>
    /// <exception cref="ArgumentException">The tag is not allowed.</exception>
    /// <exception cref="PutException">The invalidation could not be written.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public async Task<CachePosition> InvalidateTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        ThrowIfDisposed();
        _parts.Keys.RequireTag(tag);
        return await _parts.Writer.InvalidateAsync(RecordKeys.MarkOfTag(tag), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens tags before the data behind them is changed. A process that has applied the record of the opening neither serves nor
    /// stores entries with any of the tags. This lasts until the process has applied the record that closes the tags and all invalidations
    /// that were put before that record, or until another process has ended the opening. So no stale entry is served even if a process dies
    /// between its commit and its invalidation: when its lease has expired without renewal, the other processes invalidate the tags that it
    /// had open.</summary>
    /// <remarks>Open → commit → <see cref="RemoveByTagAsync(IEnumerable{string}, CancellationToken)"/> → <see cref="HybridOpening.Close"/>.
    /// An opening that is not closed is ended after ten times its lease.</remarks>
    /// <param name="tags">The tags; <c>*</c> opens all.</param>
    /// <param name="lease">How long the other processes wait for this process to renew the opening. Range: 1 second to 10 minutes.</param>
    /// <param name="cancellationToken">Cancels the wait, and withdraws the opening.</param>
    /// <returns>The opening, once it is in the log.</returns>
    /// <exception cref="ArgumentException">A tag is not allowed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lease is out of range.</exception>
    /// <exception cref="PutException">The opening could not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public async Task<HybridOpening> OpenTagsAsync(
        IEnumerable<string> tags, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lease, TimeSpan.FromMinutes(10));
        ThrowIfDisposed();
        var marks = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            _parts.Keys.RequireOneOfTags(tag);
            marks.Add(RecordKeys.MarkOfTag(tag));
        }

        return new HybridOpening(
            _parts.Openings, await _parts.Openings.OpenAsync([.. marks], lease, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Counts the entries by tag, and finds the largest. It reads all entries, which takes about a second for a million of them,
    /// so it is meant for diagnostics, not for serving requests.</summary>
    /// <param name="tags">The maximum number of tags to return.</param>
    /// <param name="largest">The maximum number of the largest entries to return.</param>
    /// <param name="cancellationToken">Ends the count.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="CacheNotReadyException">The cache has not become ready yet.</exception>
    /// <exception cref="CacheFaultedException">The cache has faulted.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public HybridCacheSurvey Survey(int tags = 50, int largest = 10, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tags);
        ArgumentOutOfRangeException.ThrowIfNegative(largest);
        ThrowIfDisposed();
        return new Surveyor(_reader, _parts.Time.GetUtcNow(), tags, largest).Run(_parts.Cache.Scan(), cancellationToken);
    }

    /// <summary>Cancels the factories that are running, and ends the waits of their callers.</summary>
    internal void End()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _metrics.Dispose();
        _parts.Dispose();
    }

    private ValueTask<T> GetOrCreateForAsync<TState, T>(
        CacheRequest request, string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
    {
        var isHit = _parts.RequestedRead.TryGet(key, request.Directives, options, out T value, out var answer);
        request.Note(answer);
        if (isHit)
        {
            _requests.Count(RequestOutcome.Hit);
            return new ValueTask<T>(value);
        }

        if (!request.Directives.OnlyIfCached)
            return LoadAsync(
                key, state, factory, RequestedRead.ForLoad(options, request.Directives, answer), tags, cancellationToken);
        _requests.Count(RequestOutcome.Miss);
        return ValueTask.FromException<T>(new OnlyIfCachedException(Name));
    }

    private async ValueTask<T> LoadAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options,
        IEnumerable<string>? tags, CancellationToken cancellationToken)
    {
        if (!EntryAccess.Of(options).RunsFactory)
        {
            _requests.Count(RequestOutcome.Miss);
            return default!;
        }

        if (_parts.Keys.Fault(key) is { } fault)
        {
            _requests.Count(RequestOutcome.Bypassed);
            Log.KeyRefused(_parts.Logger, Name, fault);
            return await factory(state, cancellationToken).ConfigureAwait(false);
        }

        return await _parts.Loader.LoadAsync(key, state, factory, options, _parts.TagMarksOf(tags), cancellationToken)
            .ConfigureAwait(false);
    }

    private CacheNotReadyException NotReady() => new(
        $"The hybrid cache '{Name}' can't be written to before it has been ready. Hold back the start of the host with ServeWhenReady(), "
        + "or wait with Cache.WaitUntilReadyAsync.",
        Cache.Status.Phase, Cache.Status.Progress);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
