using Confluent.Kafka;

namespace KafkaCaching.Encodings;

/// <summary>Uses the user's serializer and deserializer. If one of them is missing, <paramref name="fallback"/> takes its place; without a
/// fallback, that direction is not supported.</summary>
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

        // A serializer must not return null, because that would mean a record without a key, or a tombstone.
        var headers = new Headers();
        var bytes = serializer.Serialize(value, new SerializationContext(component, topic, headers))
            ?? throw new InvalidOperationException(
                $"{component}Serializer returned null for a {typeof(T)}. For no bytes, return an empty array.");
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
            // An OutOfMemoryException is caught too, because a length field in a bad record may request more memory than there is. The
            // exception's message may quote the payload, so only its type is reported.
            throw new FormatException($"{component}Deserializer ({deserializer.GetType()}) threw {e.GetType()}.");
        }

        if (value is null)
            throw new FormatException(
                $"{component}Deserializer ({deserializer.GetType()}) returned null, which is not a "
                + $"{(component == MessageComponentType.Key ? "key" : "value")}.");
        if (!_isSerializerWarm)
            WarmSerializer(value);
        return value;
    }

    // Every Get encodes its key. If the serializer requests its schema from a registry on first use, this happens here, during the replay,
    // and not in the first Get.
    private void WarmSerializer(T key)
    {
        _isSerializerWarm = true;
        try
        {
            _ = Encode(key);
        }
        catch (Exception)
        {
            // The first Get will fail in the same way and report the failure to its caller.
        }
    }

    private InvalidOperationException Missing(string side) =>
        new($"There is no built-in encoding for {typeof(T)}: set the option {component}{side}.");
}
