using KafkaCaching.Encodings;
using KafkaCaching.Indexes;
using KafkaCaching.Store;

namespace KafkaCaching.Replay.Applying;

/// <summary>The options that concern records.</summary>
internal sealed record RecordRules<TKey, TValue>(
    Codec<TKey> Keys,
    Codec<TValue> Values,
    Resolver<TKey, TValue>? Resolver,
    RecordValidator? ValidateRecord,
    MutationValidator<TKey, TValue>? ValidateMutation,
    bool DecodeOnReplay,
    EntryRules? Entries = null)
    where TKey : notnull
{
    /// <summary>Whether anything may read the headers of records.</summary>
    public bool ReadsHeaders => Resolver is not null || ValidateRecord is not null || Entries is not null || DecodesBySchemas;

    // A user's deserializer may query a schema registry.
    private bool DecodesBySchemas => Keys.HasUsersDeserializer || Values.HasUsersDeserializer;

    /// <summary>Creates the applier that does the least work for these options.</summary>
    /// <param name="store">The store that the entries are written to.</param>
    /// <param name="indexer">The indexer of the entries; <see langword="null"/> without indexes.</param>
    public RecordApplier CreateApplier(IStateStore store, EntryIndexer? indexer = null) =>
        Resolver is not null ? new ResolvingApplier<TKey, TValue>(store, this, (EntryIndexer<TValue>?)indexer)
        : DecodeOnReplay ? new DecodingApplier<TKey, TValue>(store, this, (EntryIndexer<TValue>?)indexer)
        : DecodesBySchemas ? new WarmingApplier<TKey, TValue>(store, this)
        : new ByteApplier(store, Entries);
}
