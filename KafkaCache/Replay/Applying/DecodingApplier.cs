using KafkaCaching.Indexes;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;

namespace KafkaCaching.Replay.Applying;

/// <summary>Decodes and validates each record before its bytes are stored: the record is the entry.</summary>
internal sealed class DecodingApplier<TKey, TValue>(
    IStateStore store, RecordRules<TKey, TValue> rules, EntryIndexer<TValue>? indexer)
    : TypedApplier<TKey, TValue>(store, rules, indexer)
    where TKey : notnull
{
    public override void Apply(in SourceRecord record)
    {
        RequireKey(record);
        var key = Decoder.ReadKey<TKey>(View(record));
        if (record.IsTombstone)
        {
            ValidateMutation(record, key, record.Key, hasNext: false, next: default);
            Remove(record.Key, MetadataOf(record));
            return;
        }

        var value = Decoder.ReadValue<TValue>(View(record));
        ValidateRecord(record);
        ValidateMutation(record, key, record.Key, hasNext: true, value);
        var content = ContentOf(record, out var metadata);
        SelectTerms(record, value, isNext: true);
        Set(record, record.Key, metadata, content);
    }
}
