using Confluent.Kafka;

namespace KafkaCaching.Encodings;

/// <summary>The record headers in which Confluent's serializers can be configured to store the schema ID (<c>SchemaIdStrategy</c>) instead
/// of in front of the content. The store does not keep these headers, so such content can't be decoded later.</summary>
internal static class SchemaHeaders
{
    public const string Key = "__key_schema_id";
    public const string Value = "__value_schema_id";

    private const string Remedy = "Headers aren't stored, so no read could decode the content. In the program that writes it, set "
        + "SchemaIdStrategy to SchemaIdSerializerStrategy.Prefix, which is the default.";

    public static string Of(MessageComponentType component) => component == MessageComponentType.Key ? Key : Value;

    /// <summary>Describes the fault of a record that has such a header.</summary>
    public static string Refusal(string header) => $"Its schema ID is in the record header {header}. {Remedy}";

    /// <summary>Describes the fault of a serializer that wrote headers. Headers other than that of the schema ID are not named.</summary>
    public static string Refusal(string serializer, Headers written, MessageComponentType component) =>
        written.TryGetLastBytes(Of(component), out _)
        ? $"{serializer} put the schema ID into the record header {Of(component)}. {Remedy}"
        : $"{serializer} wrote record headers. A cache neither sends nor stores the headers of a serializer.";
}
