using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Encodes values as JSON according to a contract. JSON <c>null</c> is not accepted as a value of any type, because readers could
/// not distinguish it from an absent value.</summary>
/// <param name="contract">The contract.</param>
/// <param name="contracts">The source of the contract and of the contracts of other types in the same topic; <see langword="null"/> if only
/// the contract was given.</param>
internal sealed class JsonCodec<T>(JsonTypeInfo<T> contract, JsonContracts? contracts = null) : Codec<T>
{
    public override byte[] Encode(T value)
    {
        DerivedInstances.RequireWhole(value, contract);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, contract);
        return IsNullLiteral(bytes)
            ? throw new ArgumentException(
                "The value is written as JSON null, which no reader accepts; remove the key instead.", nameof(value))
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
        var json = WithoutMark(bytes);

        // The bytes are checked too, because JsonElement and custom converters turn null into an object.
        if (IsNullLiteral(json))
            throw JsonNull();
        T? value;
        try
        {
            value = JsonSerializer.Deserialize(json, contract);
        }
        catch (Exception e)
        {
            // The message and the path of the exception quote the payload, so the exception is not even passed on as the inner exception.
            throw new FormatException(
                $"The value is not JSON of type {typeof(T)}: {DecodeFault.Of(json, contract, e, before: bytes.Length - json.Length)}");
        }

        return value is null ? throw JsonNull() : value;
    }

    public override Codec<TOther> Of<TOther>() =>
        contracts is null ? base.Of<TOther>() : Codecs.BuiltInValue<TOther>() ?? contracts.Codec<TOther>();

    /// <summary>Removes the byte order mark that some platforms write before UTF-8. The mark carries no information, and a reader may
    /// ignore it (RFC 8259, section 8.1).</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;

    private static bool IsNullLiteral(ReadOnlySpan<byte> json) => json.Length >= 4 && json.Trim(" \t\r\n"u8).SequenceEqual("null"u8);

    private static FormatException JsonNull() =>
        new("The value is JSON null, which is not accepted; a deletion is a record without a value (a tombstone).");
}
