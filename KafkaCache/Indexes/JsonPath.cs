using System.Text;
using System.Text.Json;

namespace KafkaCaching.Indexes;

/// <summary>The path to a property of a JSON value. The content of that property gives the terms of an index.</summary>
internal sealed class JsonPath
{
    // The default depth of 64 would make a deeper value a record error, although nothing here depends on the depth.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private readonly byte[][] _names;

    public JsonPath(string property)
    {
        ArgumentNullException.ThrowIfNull(property);
        _names = [.. property.Split('.').Select(Encoding.UTF8.GetBytes)];
        if (_names.Any(static name => name.Length == 0))
            throw new ArgumentException($"'{property}' has an empty name. Write a property as 'name' or 'name.name'.", nameof(property));
    }

    /// <exception cref="JsonException">The value is not valid JSON up to the property.</exception>
    public IEnumerable<string> TermsOf(byte[] value)
    {
        var reader = new Utf8JsonReader(value, AnyDepth);
        reader.Read();
        foreach (var name in _names)
        {
            if (!TryEnter(ref reader, name))
                return [];
        }

        return reader.TokenType == JsonTokenType.StartArray ? Elements(ref reader) : Term(ref reader) is { } term ? [term] : [];
    }

    /// <summary>Moves from the start of an object to the value of one of its properties.</summary>
    private static bool TryEnter(ref Utf8JsonReader reader, byte[] name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(name);
            reader.Read();
            if (isWanted)
                return true;
            reader.Skip();
        }

        return false;
    }

    private static List<string> Elements(ref Utf8JsonReader reader)
    {
        var terms = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Term(ref reader) is { } term)
                terms.Add(term);
            else
                reader.Skip();
        }

        return terms;
    }

    private static string? Term(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => null,
    };
}
