using KafkaCaching.Clients;
using KafkaCaching.Encodings;
using KafkaCaching.Replay.Applying;

namespace KafkaCaching.Options;

/// <summary>Converts the options of a cache into those of its parts.</summary>
internal static class PartOptions
{
    public static ClientConfigs ForClients<TKey, TValue>(this KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        new(
            options.BootstrapServers, options.PutTimeout, options.StaleAfter, (options.Store ?? new StoreOptions()).MaxEntryBytes,
            options.Client, options.Consumer, options.Producer);

    public static RecordRules<TKey, TValue> ForRecords<TKey, TValue>(
        this KafkaCacheOptions<TKey, TValue> options, Codec<TKey> keys, Codec<TValue> values)
        where TKey : notnull
    {
        var judges = options.ValidateRecord is not null
            || options.ValidateMutation is not null || options.OnRecordError != RecordErrorPolicy.Fail
            || options.Indexes.All.Count > 0 || options.Indexes.OrderKeys;
        return new RecordRules<TKey, TValue>(
            keys, values, options.Resolver, options.ValidateRecord, options.ValidateMutation,
            judges || options.Decode == DecodeMode.OnReplay, options.ForEntries());
    }

    private static EntryRules? ForEntries<TKey, TValue>(this KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        options.Expires || options.KeepHeaders.Count > 0
            ? new EntryRules(
                options.Expires ? new ExpiryRule(options.TimeToLive) : null,
                options.KeepHeaders.Count > 0 ? new HeaderKeeper(options.KeepHeaders) : null)
            : null;
}
