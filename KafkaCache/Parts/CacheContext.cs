using KafkaCaching.Diagnostics;
using KafkaCaching.Transports;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Parts;

/// <summary>The name, the topic, the clock, the logger, the transport and the diagnostics that the parts of a cache share.</summary>
internal sealed record CacheContext(
    string Name, string Topic, TimeProvider Time, ILogger Logger, Transport Transport, CacheTracing Tracing, CacheDurations Durations)
{
    public static CacheContext Of<TKey, TValue>(
        KafkaCacheOptions<TKey, TValue> options, Transport transport, ILoggerFactory? loggerFactory)
        where TKey : notnull
    {
        var topic = options.Topic!;
        var name = options.Name ?? topic;
        var logger = GuardedLogger.Of(loggerFactory, $"KafkaCache.{name}");
        transport.Begin(name, logger);
        var listenerFaults = new ListenerFaults(logger, topic);
        return new CacheContext(
            name, topic, options.TimeProvider, logger, transport,
            new CacheTracing(name, topic, transport.ProducerId, transport.ConsumerId, listenerFaults),
            new CacheDurations(options.MeterFactory, name, topic, options.TimeProvider, listenerFaults));
    }
}
