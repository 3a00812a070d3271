using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Puts;
using KafkaCaching.Store.Memory;

namespace KafkaCaching.Parts;

/// <summary>Creates the part of a cache that writes to the topic.</summary>
internal static class CachePuts
{
    /// <returns><see langword="null"/> if the cache is read-only.</returns>
    public static Putter<TKey, TValue>? Of<TKey, TValue>(
        KafkaCacheOptions<TKey, TValue> options, CacheContext context, AppliedWait applied, Codec<TKey> keys, Codec<TValue> values)
        where TKey : notnull
    {
        if (options.ReadOnly)
            return null;
        var producer = new RecordProducer(context.Transport.OpenSink(context.Topic), options.PutTimeout, context.Time);
        var check = new RecordCheck(
            StoreGeometry.MaxEntryBytesFor(options.Store.MaxEntryBytes), options.Expires, [.. options.KeepHeaders]);
        return new Putter<TKey, TValue>(
            context.Name, producer, keys, values, options.ValidatePut, check, applied, options.PutTimeout, context.Time, context.Durations,
            context.Tracing);
    }
}
