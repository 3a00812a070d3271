using System.Runtime.CompilerServices;
using KafkaCaching.Encodings;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;

namespace KafkaCaching.Replay.Applying;

/// <summary>Stores the bytes of each record unchanged, for caches whose deserializers use a schema registry. Each schema is fetched here,
/// so that no read waits for the registry.</summary>
internal sealed class WarmingApplier<TKey, TValue>(IStateStore store, RecordRules<TKey, TValue> rules) : ByteApplier(store, rules.Entries)
    where TKey : notnull
{
    private readonly SchemaWarmUp<TKey>? _keys = SchemaWarmUp<TKey>.For(rules.Keys);
    private readonly SchemaWarmUp<TValue>? _values = SchemaWarmUp<TValue>.For(rules.Values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(in SourceRecord record)
    {
        if (_keys is not null && record.HasKey && !_keys.Warm(record.Key))
            RefuseSchemaHeader(record, SchemaHeaders.Key, RecordErrorReason.UndecodableKey);
        if (_values is not null && !record.IsTombstone && !_values.Warm(record.Value))
            RefuseSchemaHeader(record, SchemaHeaders.Value, RecordErrorReason.UndecodableValue);
        base.Apply(record);
    }

    // The header is checked only after decoding has failed. Without such a header, a read can report what is wrong. With the header, it
    // could not, because the headers are not stored.
    private static void RefuseSchemaHeader(in SourceRecord record, string header, RecordErrorReason reason)
    {
        if (record.Headers is { } headers && headers.TryGet(header, out _))
            throw RecordErrors.At(record, reason, SchemaHeaders.Refusal(header));
    }
}
