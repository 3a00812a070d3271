using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Hybrid.Fills;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Serializers;
using KafkaCaching.Hybrid.Validity;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Hybrid;

/// <summary>Stores a value that code outside a factory reads from its source. As with the value of a factory, an invalidation between the
/// read and the store, in any pod, keeps the value from being served.</summary>
/// <remarks>This class is meant for adapters whose interface has separate methods to look up a value and to store it. Elsewhere,
/// <see cref="KafkaHybridCache.GetOrCreateAsync"/> is simpler, and lets callers that ask for the same key share one load.</remarks>
public sealed class HybridFill
{
    private readonly HybridParts _parts;
    private readonly string _key;
    private readonly Capture? _capture;
    private readonly long _started;

    internal HybridFill(HybridParts parts, string key)
    {
        _parts = parts;
        _key = key;
        _started = parts.Time.GetTimestamp();
        _capture = parts.Watch.Capture();
    }

    /// <summary>The longest expiration that the cache accepts, as set by its option <c>MaxTimeToLive</c>.</summary>
    public TimeSpan MaxTimeToLive => _parts.Lifetimes.MaxTimeToLive;

    /// <summary>Checks whether another fill has stored a value since this one began. The check counts as neither a hit nor a
    /// miss.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value, if there is a valid and fresh one of this type.</param>
    /// <returns>Whether there is such a value.</returns>
    public bool TryGet<T>([MaybeNullWhen(false)] out T value) => _parts.Reader.TryGet(_key, access: default, out value);

    /// <summary>Stores the value in the background. This process finds it when the call returns.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="options">How long the value is fresh. The flags have no effect.</param>
    /// <param name="tags">Names by which <c>RemoveByTagAsync</c> invalidates the value.</param>
    /// <returns>A task whose result is <see langword="true"/> once the value is readable through the topic, and <see langword="false"/> if
    /// it can't be stored because it was invalidated after the fill began, is too large, or was not accepted by the brokers. The task never
    /// fails; a failure is counted and logged.</returns>
    /// <exception cref="ArgumentException">A tag is not allowed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The expiration is below 1 second or above <see cref="MaxTimeToLive"/>.</exception>
    public Task<bool> StoreAsync<T>(T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null)
    {
        var tagMarks = _parts.TagMarksOf(tags);
        _parts.Lifetimes.Require(options);
        if (_capture is null || _parts.Encoder.TryEncode(value) is not { } payload || !_parts.Encoder.Fits<T>(payload.Bytes))
            return Task.FromResult(false);
        var record = new StoredRecord(payload.Kind, payload.Bytes)
        {
            AsOf = _capture.AsOf, FreshFor = _parts.Lifetimes.FreshFor(options), TagMarks = tagMarks,
        };
        if (ImmutableTypes<T>.Has)
            record.Remember(value);
        return IsStoredAsync(_parts.Writer.StoreAsync(_key, record, _capture, _parts.Time.GetElapsedTime(_started)));
    }

    private static async Task<bool> IsStoredAsync(Task<CachePosition?> storing) => await storing.ConfigureAwait(false) is not null;
}
