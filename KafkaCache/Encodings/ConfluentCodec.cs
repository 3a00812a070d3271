using Confluent.Kafka;

namespace KafkaCaching.Encodings;

/// <summary>A serializer and a deserializer of the user's. Either may be missing: then <paramref name="fallback"/> does that side, or
/// nobody can.</summary>
internal sealed class ConfluentCodec<T>(
    ISerializer<T>? serializer, IDeserializer<T>? deserializer, Codec<T>? fallback, MessageComponentType component, string topic)
    : Codec<T>
{
    private readonly SerializationContext _context = new(component, topic);
    private volatile bool _isSerializerWarm = serializer is null || component != MessageComponentType.Key;

    public override bool HasUsersDeserializer => deserializer is not null;

    public override byte[] Encode(T value)
    {
        if (serializer is null)
            return (fallback ?? throw Missing("Serializer")).Encode(value);

        // Null bytes would be a record without a key, or a tombstone.
        var headers = new Headers();
        var bytes = serializer.Serialize(value, new SerializationContext(component, topic, headers))
            ?? throw new InvalidOperationException($"{component}Serializer gave null for a {typeof(T)}; empty bytes are an empty array.");
        return headers.Count == 0
            ? bytes
            : throw new InvalidOperationException(
                SchemaHeaders.Refusal($"{component}Serializer ({serializer.GetType()})", headers, component));
    }

    public override bool TryEncode(T value, Span<byte> destination, out int written)
    {
        if (serializer is null && fallback is not null)
            return fallback.TryEncode(value, destination, out written);
        var bytes = Encode(value);
        var fits = bytes.AsSpan().TryCopyTo(destination);
        written = fits ? bytes.Length : 0;
        return fits;
    }

    public override T Decode(ReadOnlySpan<byte> bytes)
    {
        if (deserializer is null)
            return (fallback ?? throw Missing("Deserializer")).Decode(bytes);
        T value;
        try
        {
            value = deserializer.Deserialize(bytes, isNull: false, _context);
        }
        catch (Exception e)
        {
            // Out of memory too: a length read from a bad record asks for more than there is.
            // Whatever it says may quote the payload, so the type of the exception is all that is told.
            throw new FormatException($"{component}Deserializer ({deserializer.GetType()}) threw {e.GetType()}.");
        }

        if (value is null)
            throw new FormatException(
                $"{component}Deserializer ({deserializer.GetType()}) gave null, which is not a "
                + $"{(component == MessageComponentType.Key ? "key" : "value")}.");
        if (!_isSerializerWarm)
            WarmSerializer(value);
        return value;
    }

    // Every Get encodes its key. A serializer that asks a registry for its schema the first time does so here, while keys are decoded at
    // replay.
    private void WarmSerializer(T key)
    {
        _isSerializerWarm = true;
        try
        {
            _ = Encode(key);
        }
        catch (Exception)
        {
            // The first Get meets the same, and says so to its caller.
        }
    }

    private InvalidOperationException Missing(string side) =>
        new($"There is no built-in encoding for {typeof(T)}: set the option {component}{side}.");
}
