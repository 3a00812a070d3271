using Confluent.Kafka;

namespace KafkaCaching.Encodings;

/// <summary>A serializer and a deserializer of the user's. Either may be missing: then <paramref name="fallback"/> does that side, or nobody can.</summary>
internal sealed class ConfluentCodec<T>(
    ISerializer<T>? serializer, IDeserializer<T>? deserializer, Codec<T>? fallback, MessageComponentType component, string topic)
    : Codec<T>
{
    private readonly SerializationContext _context = new(component, topic);

    public override byte[] Encode(T value)
    {
        if (serializer is null)
            return (fallback ?? throw Missing("Serializer")).Encode(value);

        // Null bytes would be a record without a key, or a tombstone.
        return serializer.Serialize(value, _context)
            ?? throw new InvalidOperationException($"{component}Serializer gave null for a {typeof(T)}; empty bytes are an empty array.");
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

        return value is null
            ? throw new FormatException($"{component}Deserializer ({deserializer.GetType()}) gave null, which is not a {(component == MessageComponentType.Key ? "key" : "value")}.")
            : value;
    }

    private InvalidOperationException Missing(string side) =>
        new($"There is no built-in encoding for {typeof(T)}: set the option {component}{side}.");
}
