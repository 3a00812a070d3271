using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace KafkaCaching.Encodings.Json;

/// <summary>Explains why bytes are not valid JSON for a type. The explanation consists of positions and of names from the contract. Unlike
/// the messages and paths of System.Text.Json, it never quotes the payload.</summary>
internal static class DecodeFault
{
    /// <param name="json">The JSON.</param>
    /// <param name="contract">The contract of its type.</param>
    /// <param name="thrown">The exception that System.Text.Json threw.</param>
    /// <param name="before">The number of bytes that precede the JSON in the value.</param>
    /// <returns>A text that can follow a colon in a sentence.</returns>
    public static string Of(ReadOnlySpan<byte> json, JsonTypeInfo contract, Exception thrown, int before)
    {
        if (SchemaPrefix.Of(json) != default)
            return "it begins with the ID of a schema. Set ValueDeserializer to one that asks the schema registry.";
        var cause = OfText(json, contract.Options) ?? ContractReading.Fault(json, contract, thrown as JsonException)
            ?? (thrown is JsonException ? "it doesn't fit the type" : $"reading it threw {thrown.GetType()}");
        return thrown is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
            ? $"{cause} (line {line}, byte {(line == 0 ? before : 0) + position}, both counted from 0)."
            : $"{cause}.";
    }

    /// <summary>Describes why the text is not valid JSON; <see langword="null"/> if it is.</summary>
    private static string? OfText(ReadOnlySpan<byte> json, JsonSerializerOptions options)
    {
        if (json.Trim(" \t\r\n"u8).IsEmpty)
            return "it is empty";
        var reader = new Utf8JsonReader(json, isFinalBlock: true, State(json, options));
        var values = 0;
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= MaxDepth(options) && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    return $"it is nested deeper than {MaxDepth(options)} levels";
                if (reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                    values++;
            }

            return null;
        }
        catch (JsonException)
        {
            return !Utf8.IsValid(json) ? "it is not UTF-8"
                : values > 0 ? "something follows its end"
                : EndsEarly(json, options) ? "it ends in the middle"
                : "it is not well-formed JSON";
        }
    }

    private static bool EndsEarly(ReadOnlySpan<byte> json, JsonSerializerOptions options)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, State(json, options));
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // This reader accepts any depth, so that excessive depth can be distinguished from other faults.
    private static JsonReaderState State(ReadOnlySpan<byte> json, JsonSerializerOptions options) => new(new JsonReaderOptions
    {
        AllowTrailingCommas = options.AllowTrailingCommas,
        CommentHandling = options.ReadCommentHandling,
        MaxDepth = json.Length + 1,
    });

    // Zero means the default.
    private static int MaxDepth(JsonSerializerOptions options) => options.MaxDepth == 0 ? 64 : options.MaxDepth;
}
