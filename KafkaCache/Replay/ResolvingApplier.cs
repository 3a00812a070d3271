using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;

namespace KafkaCaching.Replay;

/// <summary>A resolver turns the record into entries, which replace what the previous record with that record key yielded.</summary>
internal sealed class ResolvingApplier<TKey, TValue>(IStateStore store, RecordRules<TKey, TValue> rules) : TypedApplier<TKey, TValue>(store, rules)
    where TKey : notnull
{
    private readonly Resolver<TKey, TValue> _resolve = rules.Resolver!;
    private readonly Ownership _ownership = new();
    private readonly ResolvedEntries<TKey, TValue> _resolved = new(rules.Keys, rules.Values);
    private readonly SchemaWarmUp<TKey>? _keySchemas = SchemaWarmUp<TKey>.For(rules.Keys);
    private readonly SchemaWarmUp<TValue>? _valueSchemas = SchemaWarmUp<TValue>.For(rules.Values);

    public override void Apply(in SourceRecord record)
    {
        RequireKey(record);
        var metadata = MetadataOf(record);
        var owned = _ownership.Of(record.Key);
        if (owned is not null && !metadata.Supersedes(owned.Metadata))
            return;

        Resolve(record);
        RequireOwnershipAndRoom(record);
        ValidateMutations(record, owned);
        WarmSchemas();
        Replace(record, metadata, owned);
    }

    public override void Quarantine(in SourceRecord record, RecordErrorReason reason)
    {
        if (!record.HasKey || _ownership.Of(record.Key) is not { } owned)
            return;
        var metadata = QuarantinedBy(record, reason);
        foreach (var key in owned.Keys)
            Set(record, key, metadata, default);
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
        catch (RecordErrorException error) when (error.IsOwn && error.Partition == record.Partition && error.Offset == record.Offset)
        {
            throw; // ReadKey or ReadValue said what is wrong with the record.
        }
        catch (Exception exception)
        {
            throw RecordErrors.At(record, RecordErrorReason.ResolverThrew, RecordErrors.Thrown("The resolver", exception));
        }
    }

    private void RequireOwnershipAndRoom(in SourceRecord record)
    {
        foreach (var entry in _resolved.Entries)
        {
            if (!_ownership.MayOwn(record.Key, entry.KeyBytes))
                throw RecordErrors.At(record, RecordErrorReason.KeyOwnedByAnotherRecord, "Its resolver yields a key that another record key's record owns.");
            if (entry.KeyBytes.Length + entry.ValueBytes.Length > Store.MaxEntryBytes)
                throw RecordErrors.At(record, RecordErrorReason.TooLarge, "Its resolver yields an entry that is larger than Store.MaxEntryBytes allows.");
        }
    }

    // What the resolver yields is encoded by other schemas than the record's, maybe, and decoded by whoever reads it.
    private void WarmSchemas()
    {
        if (_keySchemas is null && _valueSchemas is null)
            return;
        foreach (var entry in _resolved.Entries)
        {
            _keySchemas?.Warm(entry.KeyBytes);
            _valueSchemas?.Warm(entry.ValueBytes);
        }
    }

    private void ValidateMutations(in SourceRecord record, OwnedKeys? owned)
    {
        foreach (var entry in _resolved.Entries)
            ValidateMutation(record, entry.Key, entry.KeyBytes, hasNext: true, entry.Value);
        if (owned is null)
            return;
        foreach (var key in owned.Keys)
        {
            if (!_resolved.Yields(key))
                ValidateMutation(record, DecodeOwned(record, key), key, hasNext: false, next: default);
        }
    }

    private TKey DecodeOwned(in SourceRecord record, byte[] key)
    {
        try
        {
            return Keys.Decode(key);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(record, RecordErrorReason.UndecodableKey, $"A key yielded before it can't be judged: {undecodable.Message}");
        }
    }

    private void Replace(in SourceRecord record, in EntryMetadata metadata, OwnedKeys? owned)
    {
        // New entries first: a reader of a key that stays must not find it gone in between.
        foreach (var entry in _resolved.Entries)
            Set(record, entry.KeyBytes, metadata, entry.ValueBytes);
        if (owned is not null)
        {
            foreach (var key in owned.Keys)
            {
                if (!_resolved.Yields(key))
                    Remove(key, metadata);
            }
        }

        _ownership.Replace(record.Key, owned, _resolved.KeyBytes(), metadata);
    }
}
