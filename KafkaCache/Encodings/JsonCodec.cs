using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings;

/// <summary>JSON by a contract. JSON <c>null</c> is no value, whatever the type: it could neither be handed out nor be told from absence.</summary>
internal sealed class JsonCodec<T>(JsonTypeInfo<T> contract) : Codec<T>
{
    public override byte[] Encode(T value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, contract);
        return IsNullLiteral(bytes)
            ? throw new ArgumentException("The value is written as JSON null, which no reader accepts; remove the key instead.", nameof(value))
            : bytes;
    }

    public override bool TryEncode(T value, Span<byte> destination, out int written)
    {
        var bytes = Encode(value);
        var fits = bytes.AsSpan().TryCopyTo(destination);
        written = fits ? bytes.Length : 0;
        return fits;
    }

    public override T Decode(ReadOnlySpan<byte> bytes)
    {
        // Asked of the bytes as well, because a JsonElement or a converter of the user's makes an object of null.
        if (IsNullLiteral(bytes))
            throw JsonNull();
        T? value;
        try
        {
            value = JsonSerializer.Deserialize(bytes, contract);
        }
        catch (JsonException e)
        {
            // Only the numbers: its message and its path quote the payload, so it isn't the inner exception either.
            throw new FormatException(
                SchemaPrefix.Of(bytes) != default
                    ? $"Not JSON of type {typeof(T)}: it begins with the ID of a schema. Set ValueDeserializer to one that asks the schema registry."
                    : e.LineNumber is { } line && e.BytePositionInLine is { } position
                    ? $"Not JSON of type {typeof(T)}: line {line}, byte {position} (both from 0)."
                    : $"Not JSON of type {typeof(T)}.");
        }
        catch (Exception e)
        {
            throw new FormatException($"Not JSON of type {typeof(T)}: reading it threw {e.GetType()}.");
        }

        return value is null ? throw JsonNull() : value;
    }

    private static bool IsNullLiteral(ReadOnlySpan<byte> json) => json.Length >= 4 && json.Trim(" \t\r\n"u8).SequenceEqual("null"u8);

    private static FormatException JsonNull() => new("JSON null, which is not a value; a deletion is a record without a value (a tombstone).");
}

/// <summary>The contracts for types that come without one of the user's.</summary>
internal static class JsonContracts
{
    private static readonly JsonSerializerOptions Options = Make();

    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter() },
            MaxDepth = 64,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
