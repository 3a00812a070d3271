using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Hybrid;

namespace Microsoft.Extensions.Caching.Hybrid;

/// <summary>Members of <see cref="KafkaHybridCache"/> that <see cref="HybridCache"/> lacks, for code that is given the abstract
/// class.</summary>
public static class KafkaHybridCacheExtensions
{
    /// <summary>Gets a value from the cache, without running a factory or writing anything.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">A <see cref="KafkaHybridCache"/>.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, if there is a valid and fresh one of this type.</param>
    /// <returns>Whether there is such a value.</returns>
    /// <exception cref="NotSupportedException">The cache is a different implementation of <see cref="HybridCache"/>.</exception>
    public static bool TryGet<T>(this HybridCache cache, string key, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(cache);
        return cache is KafkaHybridCache ours
            ? ours.TryGet(key, out value)
            : throw new NotSupportedException(
                $"{cache.GetType().Name} has no TryGet. Register the cache with AddKafkaHybridCache, or call GetOrCreateAsync with "
                + "HybridCacheEntryFlags.DisableUnderlyingData.");
    }
}
