using KafkaCaching.Encodings;
using KafkaCaching.Indexes;
using KafkaCaching.Replay.Claims;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;

namespace KafkaCaching.Replay.Applying;

/// <summary>Applies the entries that a resolver yields for a record. They replace those that the previous record with the same record key
/// yielded.</summary>
internal sealed class ResolvingApplier<TKey, TValue>(IStateStore store, RecordRules<TKey, TValue> rules, EntryIndexer<TValue>? indexer)
    : TypedApplier<TKey, TValue>(store, rules, indexer)
    where TKey : notnull
{
    private const string Unjudged = "ValidateMutation needs an entry that can't be decoded";

    private readonly Resolver<TKey, TValue> _resolve = rules.Resolver!;
    private readonly ClaimedEntries _claimed = new(store);
    private readonly ResolvedEntries<TKey, TValue> _resolved = new(rules.Keys, rules.Values);
    private readonly SchemaWarmUp<TKey>? _keySchemas = SchemaWarmUp<TKey>.For(rules.Keys);
    private readonly SchemaWarmUp<TValue>? _valueSchemas = SchemaWarmUp<TValue>.For(rules.Values);

    public override ClaimedEntries Claims => _claimed;

    public override void Apply(in SourceRecord record)
    {
        RequireKey(record);
        Resolve(record);
        RequireRoom(record);
        var change = _claimed.ChangeBy(record.Key, new Head(MetadataOf(record), _resolved.Yielded()));
        ValidateMutations(record, change);
        SelectTerms(record);
        WarmSchemas();
        Take(record, change);
    }

    // The marks depend only on the invalid record, so that a cache that never read the earlier records sets the same marks. The entries
    // that the record key yielded before are retracted.
    public override void Quarantine(in SourceRecord record, RecordErrorReason reason)
    {
        if (record.HasKey)
            Take(record, _claimed.ChangeBy(record.Key, new Head(QuarantinedBy(record, reason), Marks(record, reason))));
    }

    private void Resolve(in SourceRecord record)
    {
        _resolved.Clear();
        if (record.IsTombstone)
            return;
        ValidateRecord(record);
        try
        {
            _resolve(View(record), _resolved);
        }
        catch (Exception exception)
        {
            _resolved.Clear(); // The entries may be incomplete, because the resolver failed.
            if (exception is RecordErrorException { IsOwn: true } error
                && error.Partition == record.Partition && error.Offset == record.Offset)
                throw; // ReadKey or ReadValue has already reported what is wrong with the record.
            throw RecordErrors.At(record, RecordErrorReason.ResolverThrew, RecordErrors.Thrown("The resolver", exception));
        }
    }

    private void RequireRoom(in SourceRecord record)
    {
        foreach (ref readonly var entry in _resolved.Entries)
        {
            if (entry.KeyBytes.Length + entry.ValueBytes.Length > Store.MaxEntryBytes)
                throw RecordErrors.At(
                    record, RecordErrorReason.TooLarge, "Its resolver yields an entry that is larger than Store.MaxEntryBytes allows.");
        }
    }

    // The selectors run on the decoded value, because that is what readers get. It may differ from the value that the resolver yielded:
    // JSON leaves out ignored properties.
    private void SelectTerms(in SourceRecord record)
    {
        if (!HasIndexes)
            return;
        foreach (ref readonly var entry in _resolved.Entries)
            SelectTerms(record, Decode(record, Values, entry.ValueBytes, "An entry that it yields can't be indexed"), isNext: false);
    }

    // The resolver's entries may be encoded with schemas other than the record's, and every reader decodes them.
    private void WarmSchemas()
    {
        if (_keySchemas is null && _valueSchemas is null)
            return;
        foreach (ref readonly var entry in _resolved.Entries)
        {
            _keySchemas?.Warm(entry.KeyBytes);
            _valueSchemas?.Warm(entry.ValueBytes);
        }
    }

    private void ValidateMutations(in SourceRecord record, in HeadChange change)
    {
        if (!JudgesMutations || !change.IsVisible)
            return;
        foreach (ref readonly var entry in change.After.Entries.AsSpan())
            ValidateMutation(record, entry.Key, _claimed.Foresee(change, entry.Key, entry.Value));
        if (change.Before is not { } before)
            return;
        foreach (ref readonly var entry in before.Entries.AsSpan())
        {
            if (!change.After.Yields(entry.Key))
                ValidateMutation(record, entry.Key, _claimed.Foresee(change, entry.Key, value: null));
        }
    }

    private void ValidateMutation(in SourceRecord record, byte[] key, in KeyChange change)
    {
        if (!change.Changes || change.Stands is { Metadata.IsQuarantined: true })
            return;
        if (change.Stands is not { } stands)
            ValidateMutation(record, Decode(record, Keys, key, Unjudged), key, hasNext: false, next: default);
        else if (_resolved.Find(key) is { } own && own.ValueBytes == stands.Value)
            ValidateMutation(record, own.Key, key, hasNext: true, own.Value);
        else
            ValidateMutation(
                record, Decode(record, Keys, key, Unjudged), key, hasNext: true, Decode(record, Values, stands.Value, Unjudged));
    }

    // An entry that a resolver yielded has been encoded but not decoded yet, so decoding may fail here.
    private static T Decode<T>(in SourceRecord record, Codec<T> codec, byte[] bytes, string problem)
    {
        try
        {
            return codec.Decode(bytes);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(
                record, codec is Codec<TKey> ? RecordErrorReason.UndecodableKey : RecordErrorReason.UndecodableValue,
                $"{problem}: {undecodable.Message}");
        }
    }

    private YieldedEntry[] Marks(in SourceRecord record, RecordErrorReason reason)
    {
        var refused = reason == RecordErrorReason.MutationRefused ? _claimed.YieldedBy(record.Key) : [];
        return QuarantineMarks.Of(record.Key, _resolved.Yielded(), refused, Store.MaxEntryBytes);
    }

    private void Take(in SourceRecord record, in HeadChange change)
    {
        if (change.CrossesPartitions)
            CountKeySeenInTwoPartitions();
        Store.Observer?.Applying(record.Partition, record.Offset);
        _claimed.Apply(record.Key, change);
    }
}
