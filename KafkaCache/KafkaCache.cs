using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching;

/// <summary>Creates caches of compacted Kafka topics.</summary>
public static class KafkaCache
{
    /// <summary>The name of the meter that carries every cache's metrics. Pass it to OpenTelemetry's <c>AddMeter</c> or to a
    /// listener.</summary>
    public const string MeterName = "KafkaCache";

    /// <summary>The name of the activity source that traces puts and applies. Pass it to OpenTelemetry's <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "KafkaCache";

    /// <summary>Creates a cache and starts its replay. The call returns at once and never waits for the network.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="options">What to cache and how. The options are copied, so later changes have no effect.</param>
    /// <param name="loggerFactory">Creates the loggers of the cache and its Kafka clients. Without it, nothing is logged.</param>
    /// <returns>The cache. Dispose of it to stop the replay and to settle its puts.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="OptionsValidationException">The options are wrong. The exception names every fault and what to change.</exception>
    public static KafkaCache<TKey, TValue> Create<TKey, TValue>(
        KafkaCacheOptions<TKey, TValue> options, ILoggerFactory? loggerFactory = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(options);
        return KafkaCache<TKey, TValue>.Start(options, loggerFactory);
    }
}
