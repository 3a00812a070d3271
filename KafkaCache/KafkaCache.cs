using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching;

/// <summary>Makes caches of compacted Kafka topics.</summary>
public static class KafkaCache
{
    /// <summary>The name of the meter that every cache's metrics are on, to give to OpenTelemetry's <c>AddMeter</c> or to a
    /// listener.</summary>
    public const string MeterName = "KafkaCache";

    /// <summary>The name of the activity source that puts and applies are traced on, to give to OpenTelemetry's <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "KafkaCache";

    /// <summary>Makes a cache and starts its replay. Returns at once: it never waits for the network.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="options">What to cache and how. Copied: later changes have no effect.</param>
    /// <param name="loggerFactory">Where the cache and its Kafka clients log; nothing is logged without.</param>
    /// <returns>The cache. Dispose of it to stop the replay and to settle its puts.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="OptionsValidationException">The options are wrong; names every fault, with what to change.</exception>
    public static KafkaCache<TKey, TValue> Create<TKey, TValue>(
        KafkaCacheOptions<TKey, TValue> options, ILoggerFactory? loggerFactory = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(options);
        return KafkaCache<TKey, TValue>.Start(options, loggerFactory);
    }
}
