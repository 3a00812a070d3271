using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching;

/// <summary>Creates caches of compacted Kafka topics.</summary>
public static class KafkaCache
{
    /// <summary>The name of the meter that provides the metrics of all caches. Pass it to OpenTelemetry's <c>AddMeter</c> or to a
    /// listener.</summary>
    public const string MeterName = "KafkaCache";

    /// <summary>The name of the activity source for traces of puts and of the application of their records. Pass it to OpenTelemetry's
    /// <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "KafkaCache";

    /// <summary>Creates a cache and starts its replay. It returns at once and never waits for the network.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="options">What to cache and how. The options are copied, so later changes have no effect.</param>
    /// <param name="loggerFactory">Creates the loggers of the cache and its Kafka clients. Without it, nothing is logged.</param>
    /// <returns>The cache. Dispose of it to settle its puts and stop the replay.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="OptionsValidationException">The options have faults. The exception names every fault and says what to
    /// change.</exception>
    public static KafkaCache<TKey, TValue> Create<TKey, TValue>(
        KafkaCacheOptions<TKey, TValue> options, ILoggerFactory? loggerFactory = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(options);
        return KafkaCache<TKey, TValue>.Start(options, loggerFactory);
    }
}
