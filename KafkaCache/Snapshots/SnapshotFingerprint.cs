using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Snapshots;

/// <summary>Identifies everything other than the log that the entries of a cache depend on. A snapshot with another fingerprint is not
/// used.</summary>
internal static class SnapshotFingerprint
{
    public static string Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"version={options.Snapshot.Version.Length}:{options.Snapshot.Version}");
        text.Append(CultureInfo.InvariantCulture, $";errors={options.OnRecordError};decode={options.Decode}");
        text.Append(CultureInfo.InvariantCulture, $";ttl={options.TimeToLive?.Ticks};header={options.ExpireByHeader}");
        text.Append(CultureInfo.InvariantCulture, $";most={options.Store.MaxEntryBytes}");
        foreach (var header in options.KeepHeaders)
            text.Append(CultureInfo.InvariantCulture, $";keep={header.Length}:{header}");

        // Evicted entries are missing from the snapshot. With a larger budget, or with other prefixes that are never evicted, they would be
        // missing needlessly, and a cache that does not evict would treat the remaining entries as complete.
        if (options.Store.WhenFull == StoreFullPolicy.Evict)
        {
            text.Append(CultureInfo.InvariantCulture, $";evicts={options.Store.MemoryBudget}");
            foreach (var prefix in options.Store.NeverEvictPrefixes)
                text.Append(CultureInfo.InvariantCulture, $";spares={Convert.ToHexString(prefix.Span)}");
        }

        // The code that validates, decodes or resolves records may have changed with its assembly. If a new release that can't read the
        // records were to start from old entries, its fault would be discovered only late in the rollout.
        if (Judges(options))
        {
            Append(text, options.ValidateRecord?.Method.Module);
            Append(text, options.ValidateMutation?.Method.Module);
            Append(text, options.Resolver?.Method.Module);
            Append(text, options.KeySerializer?.GetType().Module);
            Append(text, options.ValueSerializer?.GetType().Module);
            Append(text, options.KeyDeserializer?.GetType().Module);
            Append(text, options.ValueDeserializer?.GetType().Module);
            Append(text, options.ValueJsonTypeInfo?.OriginatingResolver?.GetType().Module);
            Append(text, typeof(TKey).Module);
            Append(text, typeof(TValue).Module);
            if (options.ValueJsonOptions is { } json)
                Append(text, json);
        }

        // With these policies, a record for which a selector throws has been skipped or quarantined, so the entries depend on the selectors
        // too.
        if (options.OnRecordError != RecordErrorPolicy.Fail)
        {
            foreach (var index in options.Indexes.All)
            {
                text.Append(CultureInfo.InvariantCulture, $";index={index.Name.Length}:{index.Name}");
                Append(text, index.Code);
            }
        }

        return text.ToString();
    }

    private static bool Judges<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        options.Decode == DecodeMode.OnReplay || options.OnRecordError != RecordErrorPolicy.Fail
        || options.ValidateRecord is not null || options.ValidateMutation is not null || options.Resolver is not null;

    private static void Append(StringBuilder text, JsonSerializerOptions json)
    {
        foreach (var property in typeof(JsonSerializerOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.Name is nameof(JsonSerializerOptions.IsReadOnly) or nameof(JsonSerializerOptions.TypeInfoResolverChain))
                continue; // Neither is a setting: use sets the first, and the second has the same content as TypeInfoResolver.
            var setting = property.GetValue(json);
            if (setting is DefaultJsonTypeInfoResolver && setting.GetType().Assembly == typeof(JsonSerializer).Assembly)
                setting = null; // The default resolver is also set when the options are first used.
            text.Append(CultureInfo.InvariantCulture, $";{property.Name}=");
            Append(text, setting);
        }
    }

    private static void Append(StringBuilder text, object? setting)
    {
        if (setting is null or IConvertible)
        {
            text.Append(CultureInfo.InvariantCulture, $"{setting}");
        }
        else if (setting is IEnumerable<object> several)
        {
            foreach (var one in several)
                Append(text, one);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{setting.GetType()}");
            Append(text, setting.GetType().Module);
        }
    }

    private static void Append(StringBuilder text, Module? module) =>
        text.Append(CultureInfo.InvariantCulture, $";{module?.ModuleVersionId:N}");
}
