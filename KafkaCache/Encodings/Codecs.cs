using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using KafkaCaching.Encodings.Json;

namespace KafkaCaching.Encodings;

/// <summary>Which codec a type has. A key's must be canonical (one key, one run of bytes), so there is no JSON among them.</summary>
internal static class Codecs
{
    public static Codec<TKey> ForKey<TKey>(ISerializer<TKey>? serializer, IDeserializer<TKey>? deserializer, string topic) =>
        serializer is null && deserializer is null && BuiltInKey<TKey>() is { } builtIn
            ? builtIn
            : new ConfluentCodec<TKey>(serializer, deserializer, BuiltInKey<TKey>(), MessageComponentType.Key, topic);

    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public static Codec<TValue> ForValue<TValue>(
        ISerializer<TValue>? serializer, IDeserializer<TValue>? deserializer, JsonTypeInfo<TValue>? contract, string topic,
        JsonSerializerOptions? json = null)
    {
        if (contract is not null)
            return new JsonCodec<TValue>(JsonContracts.Lenient(contract));
        if (json is not null)
            return new JsonContracts(json).Codec<TValue>();
        if (serializer is null && deserializer is null)
            return Value<TValue>();

        // JSON never stands in for a missing side: what a serializer of the user's writes, JSON can hardly read.
        return new ConfluentCodec<TValue>(serializer, deserializer, BuiltInValue<TValue>(), MessageComponentType.Value, topic);
    }

    /// <summary>The built-in codec of a key type: string, Guid, int, long, byte[]; <see langword="null"/> for any other.</summary>
    public static Codec<T>? BuiltInKey<T>() => BuiltIn<T>.Key;

    /// <summary>The codec of a value type without serializers: built in for string, int, long, byte[]; JSON for the rest.</summary>
    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public static Codec<T> Value<T>() => BuiltInValue<T>() ?? JsonContracts.BuiltIn.Codec<T>();

    /// <summary>The built-in codec of a value type; <see langword="null"/> where JSON takes over. A Guid as a value is JSON.</summary>
    public static Codec<T>? BuiltInValue<T>() => typeof(T) == typeof(Guid) ? null : BuiltIn<T>.Key;

    private static object? Make(Type type) =>
        type == typeof(string) ? new StringCodec()
        : type == typeof(Guid) ? new GuidCodec()
        : type == typeof(int) ? new Int32Codec()
        : type == typeof(long) ? new Int64Codec()
        : type == typeof(byte[]) ? new BytesCodec()
        : null;

    private static class BuiltIn<T>
    {
        public static readonly Codec<T>? Key = (Codec<T>?)Make(typeof(T));
    }
}
