using KafkaCaching.Encodings;
using KafkaCaching.Store;

namespace KafkaCaching.Replay;

/// <summary>What the options say of records.</summary>
internal sealed record RecordRules<TKey, TValue>(
    Codec<TKey> Keys,
    Codec<TValue> Values,
    Resolver<TKey, TValue>? Resolver,
    RecordValidator? ValidateRecord,
    MutationValidator<TKey, TValue>? ValidateMutation,
    bool DecodeOnReplay)
    where TKey : notnull
{
    public static RecordRules<TKey, TValue> Of(KafkaCacheOptions<TKey, TValue> options, Codec<TKey> keys, Codec<TValue> values)
    {
        var judges = options.ValidateRecord is not null
            || options.ValidateMutation is not null || options.OnRecordError != RecordErrorPolicy.Fail;
        return new RecordRules<TKey, TValue>(
            keys, values, options.Resolver, options.ValidateRecord, options.ValidateMutation,
            judges || options.Decode == DecodeMode.OnReplay);
    }

    /// <summary>Whether anyone is there to look at headers.</summary>
    public bool ReadsHeaders => Resolver is not null || ValidateRecord is not null || DecodesBySchemas;

    // A deserializer of the user's may be one that asks a schema registry.
    private bool DecodesBySchemas => Keys.HasUsersDeserializer || Values.HasUsersDeserializer;

    /// <summary>The applier that does as little as the rules allow.</summary>
    public RecordApplier CreateApplier(IStateStore store) =>
        Resolver is not null ? new ResolvingApplier<TKey, TValue>(store, this)
        : DecodeOnReplay ? new DecodingApplier<TKey, TValue>(store, this)
        : DecodesBySchemas ? new WarmingApplier<TKey, TValue>(store, this)
        : new ByteApplier(store);
}
