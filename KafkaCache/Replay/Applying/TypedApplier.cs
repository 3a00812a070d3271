using KafkaCaching.Encodings;
using KafkaCaching.Indexes;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;

namespace KafkaCaching.Replay.Applying;

/// <summary>The base class of appliers that decode and validate records.</summary>
internal abstract class TypedApplier<TKey, TValue>(IStateStore store, RecordRules<TKey, TValue> rules, EntryIndexer<TValue>? indexer)
    : RecordApplier(store, rules.Entries, indexer)
    where TKey : notnull
{
    public override bool JudgesMutations => rules.ValidateMutation is not null;

    protected bool HasIndexes => indexer is not null;

    protected Codec<TKey> Keys => rules.Keys;

    protected Codec<TValue> Values => rules.Values;

    protected RecordDecoder Decoder { get; } = new RecordDecoder<TKey, TValue>(rules.Keys, rules.Values);

    protected CacheRecord View(in SourceRecord record) => new(
        Decoder, record.Key, record.Value, record.IsTombstone, record.Partition, record.Offset,
        RecordTime.Of(record.TimestampMs), record.Headers);

    protected void ValidateRecord(in SourceRecord record)
    {
        if (rules.ValidateRecord is not { } validate)
            return;
        bool good;
        try
        {
            good = validate(View(record));
        }
        catch (Exception exception)
        {
            throw RecordErrors.At(record, RecordErrorReason.RecordRefused, RecordErrors.Thrown("ValidateRecord", exception));
        }

        if (!good)
            throw RecordErrors.At(record, RecordErrorReason.RecordRefused, "ValidateRecord refused it.");
    }

    /// <summary>Validates the change of a key. <paramref name="next"/> is used only when <paramref name="hasNext"/> is true.</summary>
    protected void ValidateMutation(in SourceRecord record, TKey key, ReadOnlySpan<byte> keyBytes, bool hasNext, TValue? next)
    {
        if (rules.ValidateMutation is not { } validate)
            return;
        var hasPrevious = TryReadGood(record, keyBytes, out var previous);
        if (!hasPrevious && !hasNext)
            return;
        bool good;
        try
        {
            good = validate(new CacheMutation<TKey, TValue>(key, hasPrevious, previous, hasNext, next));
        }
        catch (Exception exception)
        {
            throw RecordErrors.At(record, RecordErrorReason.MutationRefused, RecordErrors.Thrown("ValidateMutation", exception));
        }

        if (!good)
            throw RecordErrors.At(record, RecordErrorReason.MutationRefused, "ValidateMutation refused it.");
    }

    /// <summary>Runs the selectors of the indexes on an entry.</summary>
    /// <param name="record">The record that yields the entry.</param>
    /// <param name="value">The entry's value.</param>
    /// <param name="isNext">Whether the entry is written next, so that the terms need not be computed again.</param>
    protected void SelectTerms(in SourceRecord record, TValue value, bool isNext)
    {
        if (indexer is null)
            return;
        try
        {
            if (isNext)
                indexer.Prepare(value);
            else
                indexer.Check(value);
        }
        catch (Exception exception)
        {
            throw RecordErrors.At(record, RecordErrorReason.SelectorThrew, RecordErrors.Thrown("The selector of an index", exception));
        }
    }

    private bool TryReadGood(in SourceRecord record, ReadOnlySpan<byte> keyBytes, out TValue? value)
    {
        using var stored = Store.Read(keyBytes);
        if (!stored.Found || stored.IsQuarantined)
        {
            value = default;
            return false;
        }

        try
        {
            value = Values.Decode(stored.Value);
            return true;
        }
        catch (FormatException undecodable)
        {
            // An entry that a resolver yielded has been encoded but not decoded yet.
            throw RecordErrors.At(
                record, RecordErrorReason.UndecodableValue,
                $"ValidateMutation needs an entry that can't be decoded: {undecodable.Message}");
        }
    }
}
