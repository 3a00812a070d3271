using System.Diagnostics.Metrics;
using KafkaCaching.Encodings;
using KafkaCaching.Puts;
using KafkaCaching.Store;
using KafkaCaching.Transports;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Parts;

/// <summary>The parts of a cache, created from its options. The options are not read again later.</summary>
internal sealed record CacheParts<TKey, TValue>(
    CacheContext Context, CacheReplay Replay, CacheReads<TKey, TValue> Reads, Putter<TKey, TValue>? Putter, TimeSpan ReadyTimeout,
    IMeterFactory? MeterFactory)
    where TKey : notnull
{
    public static CacheParts<TKey, TValue> Of(
        KafkaCacheOptions<TKey, TValue> options, Transport transport, ILoggerFactory? loggerFactory,
        Func<StoreSettings, IStateStore>? createStore, bool countsReads = true)
    {
        var context = CacheContext.Of(options, transport, loggerFactory);
        var keys = Codecs.ForKey(options.KeySerializer, options.KeyDeserializer, context.Topic);
        var values = Codecs.ForValue(
            options.ValueSerializer, options.ValueDeserializer, options.ValueJsonTypeInfo, context.Topic, options.ValueJsonOptions);
        var replay = CacheReplay.Of(options, context, keys, values, createStore);
        var reads = CacheReads<TKey, TValue>.Of(options, replay, keys, values, countsReads);
        var putter = CachePuts.Of(options, context, replay.Applied, keys, values);
        return new CacheParts<TKey, TValue>(context, replay, reads, putter, options.ReadyTimeout, options.MeterFactory);
    }
}
