using System.Text.Json;

namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>Reads JSON, with or without an enclosing schema (the converter's <c>schemas.enable</c>).</summary>
internal sealed class JsonRecordDecoder : IRecordDecoder
{
    public Task<IReadOnlyDictionary<string, object?>?> DecodeAsync(byte[] bytes, bool isKey, string topic)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            // The exception is not passed on, because its message may quote the record.
            throw new FormatException("it is not JSON. If it is Avro, set SchemaRegistry");
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("schema", out _)
                && root.TryGetProperty("payload", out var payload))
                root = payload;
            return Task.FromResult<IReadOnlyDictionary<string, object?>?>(root.ValueKind == JsonValueKind.Object ? Fields(root) : null);
        }
    }

    private static Dictionary<string, object?> Fields(JsonElement element)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in element.EnumerateObject())
            fields[field.Name] = Value(field.Value);
        return fields;
    }

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number when element.TryGetInt64(out var whole) => whole,
        JsonValueKind.Object => Fields(element),
        _ => element.Clone(),
    };
}
