using KafkaCaching.Encodings;
using KafkaCaching.Encodings.Json;

namespace KafkaCaching.Options;

/// <summary>Finds missing or contradictory encodings in the options of a cache before it is created.</summary>
internal static class EncodingFaults
{
    public static IEnumerable<string> Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        [.. OfKey(options), .. OfValue(options)];

    private static IEnumerable<string> OfKey<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (Codecs.BuiltInKey<TKey>() is not null)
            yield break;
        if (options.KeySerializer is null)
        {
            yield return $"KeySerializer is missing: no encoding of {typeof(TKey)} is built in, and every Get encodes its key. "
                + "Set it, or use string, Guid, int, long or byte[] as the key type.";
        }

        // In other cases, a missing deserializer is not reported here: only Scan decodes keys, and it throws if it can't.
        if (options.KeyDeserializer is null && (options.KeySerializer is null || DecodesOnReplay(options)))
        {
            yield return $"KeyDeserializer is missing: no encoding of {typeof(TKey)} is built in, and keys are decoded by Scan, by a "
                + "resolver and by "
                + "Decode = OnReplay with all that implies it. Set it, or use string, Guid, int, long or byte[] as the key type.";
        }
    }

    private static IEnumerable<string> OfValue<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        var hasSerializer = options.ValueSerializer is not null;
        var hasDeserializer = options.ValueDeserializer is not null;
        string[] given = [.. GivenForValues(options)];
        if (given.Length > 1)
        {
            yield return $"{string.Join(" and ", given)} are set together, so values have {given.Length} encodings. Remove all but one.";
            yield break;
        }

        if (options.ValueJsonTypeInfo is not null
            || options.ValueJsonOptions is not null || (given.Length == 0 && Codecs.BuiltInValue<TValue>() is null))
        {
            foreach (var fault in JsonFaults(options))
                yield return fault;
            yield break;
        }

        if (given.Length == 0 || Codecs.BuiltInValue<TValue>() is not null)
            yield break;
        if (!hasDeserializer)
            yield return $"ValueDeserializer is missing: with a ValueSerializer alone, no {typeof(TValue)} can be read. Set both.";
        if (!hasSerializer && !options.ReadOnly)
            yield return $"ValueSerializer is missing: with a ValueDeserializer alone, no {typeof(TValue)} can be put. Set both, or "
                + "ReadOnly = true.";
        else if (!hasSerializer && options.Resolver is not null)
            yield return $"ValueSerializer is missing: the {typeof(TValue)} that the Resolver yields is stored as bytes. Set both.";
    }

    private static IEnumerable<string> GivenForValues<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (options.ValueJsonTypeInfo is not null)
            yield return "ValueJsonTypeInfo";
        if (options.ValueJsonOptions is not null)
            yield return "ValueJsonOptions";
        if (options.ValueSerializer is not null || options.ValueDeserializer is not null)
            yield return options.ValueDeserializer is null ? "ValueSerializer" : "ValueDeserializer";
    }

    private static IReadOnlyList<string> JsonFaults<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        try
        {
            var contract = options.ValueJsonTypeInfo is { } given ? JsonContracts.Lenient(given)
                : (options.ValueJsonOptions is { } json ? new JsonContracts(json) : JsonContracts.BuiltIn).Of<TValue>();
            return [
                .. ContractCheck.Faults(contract)
                    .Select(static fault => $"The value type does not survive a round trip through JSON: {fault}"),
            ];
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return [
                $"The value type {typeof(TValue)} can't be written as JSON: {e.Message} Set ValueSerializer and ValueDeserializer, or "
                + "ValueJsonTypeInfo.",
            ];
        }
    }

    private static bool DecodesOnReplay<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        options.Decode == DecodeMode.OnReplay
        || options.Resolver is not null
        || options.ValidateRecord is not null
        || options.ValidateMutation is not null
        || options.OnRecordError != RecordErrorPolicy.Fail
        || options.Indexes is { All.Count: > 0 } or { OrderKeys: true };
}
