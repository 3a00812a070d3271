using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using KafkaCaching.Encodings.Json;

namespace KafkaCaching.Encodings;

/// <summary>Chooses the codec for a type. Keys need a canonical encoding (one sequence of bytes for each key), so they are never encoded as
/// JSON.</summary>
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

        // JSON never replaces a missing serializer or deserializer, because a user's format and JSON are unlikely to be compatible.
        return new ConfluentCodec<TValue>(serializer, deserializer, BuiltInValue<TValue>(), MessageComponentType.Value, topic);
    }

    /// <summary>The built-in codec for keys of a type: string, Guid, int, long or byte[]. It is <see langword="null"/> for any other
    /// type.</summary>
    public static Codec<T>? BuiltInKey<T>() => BuiltIn<T>.Key;

    /// <summary>The codec for values of a type without user-supplied serializers: a built-in one for string, int, long and byte[], and JSON
    /// for all other types.</summary>
    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public static Codec<T> Value<T>() => BuiltInValue<T>() ?? JsonContracts.BuiltIn.Codec<T>();

    /// <summary>The built-in codec for values of a type, or <see langword="null"/> if JSON is used. Values of type
    /// <see cref="Guid"/> are encoded as JSON.</summary>
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
