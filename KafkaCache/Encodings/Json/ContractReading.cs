using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace KafkaCaching.Encodings.Json;

/// <summary>Compares well-formed JSON with its contract, up to the first place where the two differ. It is slow, and used only for JSON
/// that could not be deserialized.</summary>
internal readonly ref struct ContractReading
{
    private const int ReportedSteps = 8;

    private readonly ReadOnlySpan<byte> _json;
    private readonly JsonSerializerOptions _options;
    private readonly long _refusedAt;
    private readonly List<string> _path = [];

    private ContractReading(ReadOnlySpan<byte> json, JsonSerializerOptions options, long refusedAt)
    {
        _json = json;
        _options = options;
        _refusedAt = refusedAt;
    }

    /// <returns>The fault and its member, or <see langword="null"/> if no fault is found.</returns>
    public static string? Fault(ReadOnlySpan<byte> json, JsonTypeInfo contract, JsonException? refusal)
    {
        // The contract does not describe the metadata that preserves references.
        if (contract.Options.ReferenceHandler is not null)
            return null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions
        {
            AllowTrailingCommas = contract.Options.AllowTrailingCommas,
            CommentHandling = contract.Options.ReadCommentHandling,
            MaxDepth = contract.Options.MaxDepth,
        });
        reader.Read();
        return new ContractReading(json, contract.Options, Place(json, refusal)).Value(ref reader, contract);
    }

    /// <summary>Checks one value, and leaves the reader at the value's last token.</summary>
    private string? Value(ref Utf8JsonReader reader, JsonTypeInfo contract)
    {
        if (Nullable.GetUnderlyingType(contract.Type) is { } underlying)
            return reader.TokenType == JsonTokenType.Null ? null : Value(ref reader, _options.GetTypeInfo(underlying));
        if (contract.Kind == JsonTypeInfoKind.None)
            return Leaf(ref reader, contract);
        if (reader.TokenType == JsonTokenType.Null && !contract.Type.IsValueType)
            return null;
        return (contract.Kind, reader.TokenType) switch
        {
            (JsonTypeInfoKind.Object, JsonTokenType.StartObject) => Object(ref reader, contract),
            (JsonTypeInfoKind.Dictionary, JsonTokenType.StartObject) => Dictionary(ref reader, contract),
            (JsonTypeInfoKind.Enumerable, JsonTokenType.StartArray) => Items(ref reader, contract),
            _ => Mismatch(contract.Type, reader.TokenType),
        };
    }

    private string? Leaf(ref Utf8JsonReader reader, JsonTypeInfo contract)
    {
        var (start, token) = ((int)reader.TokenStartIndex, reader.TokenType);
        reader.Skip();
        if (reader.BytesConsumed < _refusedAt)
            return null;
        var json = _json[start..(int)reader.BytesConsumed];
        return LeafCheck.IsOf(contract, json) ? null
            : token == JsonTokenType.String && !Utf8.IsValid(json) ? $"{Where()}a string is not UTF-8"
            : Mismatch(contract.Type, token);
    }

    private string? Items(ref Utf8JsonReader reader, JsonTypeInfo contract)
    {
        var item = _options.GetTypeInfo(contract.ElementType!);
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (Step(ref reader, item, $"[{i}]") is { } fault)
                return fault;
        }

        return null;
    }

    // A key may be personal data such as a name, so the fault shows an asterisk in its place.
    private string? Dictionary(ref Utf8JsonReader reader, JsonTypeInfo contract)
    {
        var item = _options.GetTypeInfo(contract.ElementType!);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            if (Step(ref reader, item, "[*]") is { } fault)
                return fault;
            if (reader.BytesConsumed >= _refusedAt
                && !LeafCheck.IsOf(contract, [(byte)'{', .. _json[start..(int)reader.BytesConsumed], (byte)'}']))
                return $"{Where()}no key of type {TypeText.Of(contract.KeyType!)} can be read from a name";
        }

        return null;
    }

    private string? Object(ref Utf8JsonReader reader, JsonTypeInfo declared)
    {
        if (!TryFindType(reader, declared, out var contract, out var unknown))
            return $"{Where()}{unknown}";
        var left = contract.Properties.Where(static member => member.IsRequired)
            .Select(static member => member.Name)
            .ToHashSet(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Member(ref reader, contract);
            reader.Read();
            if (member is null || member.CustomConverter is not null || !MemberCheck.IsRead(member, contract))
                reader.Skip();
            else if (Step(ref reader, _options.GetTypeInfo(member.PropertyType), member.Name) is { } fault)
                return fault;
            if (member is not null)
                left.Remove(member.Name);
        }

        return left.Count == 0 ? null : $"{Where()}the required member '{left.First()}' is missing";
    }

    private JsonPropertyInfo? Member(ref Utf8JsonReader reader, JsonTypeInfo contract)
    {
        var comparison = _options.PropertyNameCaseInsensitive ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var member in contract.Properties)
        {
            if (reader.ValueTextEquals(member.Name))
                return member;
        }

        return Text(reader) is { } name
            ? contract.Properties.FirstOrDefault(member => member.Name.Equals(name, comparison) && !member.IsExtensionData)
            : null;
    }

    /// <summary>Finds the type that the discriminator names. The discriminator may be at any position among the members.</summary>
    private bool TryFindType(Utf8JsonReader reader, JsonTypeInfo declared, out JsonTypeInfo contract, out string unknown)
    {
        (contract, unknown) = (declared, "");
        if (declared.PolymorphismOptions is not { } derived)
            return true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isDiscriminator = reader.ValueTextEquals(derived.TypeDiscriminatorPropertyName);
            reader.Read();
            if (!isDiscriminator)
            {
                reader.Skip();
                continue;
            }

            foreach (var one in derived.DerivedTypes)
            {
                if (Names(reader, one))
                {
                    contract = _options.GetTypeInfo(one.DerivedType);
                    return true;
                }
            }

            unknown = $"the discriminator '{derived.TypeDiscriminatorPropertyName}' names no declared derived type of "
                + TypeText.Of(declared.Type);
            return derived.IgnoreUnrecognizedTypeDiscriminators && !declared.Type.IsAbstract;
        }

        unknown = $"the discriminator '{derived.TypeDiscriminatorPropertyName}' is missing, and {TypeText.Of(declared.Type)} is abstract";
        return !declared.Type.IsAbstract;
    }

    private static bool Names(Utf8JsonReader reader, JsonDerivedType derived) => derived.TypeDiscriminator switch
    {
        string name => reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(name),
        int number => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var found) && found == number,
        _ => false,
    };

    private string? Step(ref Utf8JsonReader reader, JsonTypeInfo contract, string step)
    {
        _path.Add(step);
        var fault = Value(ref reader, contract);
        _path.RemoveAt(_path.Count - 1);
        return fault;
    }

    private string Mismatch(Type type, JsonTokenType token) => $"{Where()}no {TypeText.Of(type)} can be read from {Told(token)}";

    private string Where()
    {
        if (_path.Count == 0)
            return "";
        var told = new StringBuilder();
        foreach (var step in _path.TakeLast(ReportedSteps))
            _ = step[0] == '[' || told.Length == 0 ? told.Append(step) : told.Append('.').Append(step);
        if (_path.Count > ReportedSteps)
            _ = told.Insert(0, '…');
        return told.Append(": ").ToString();
    }

    private static string Told(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "this string",
        JsonTokenType.Number => "this number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private static string? Text(Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // The text is not valid UTF-8 or has an unpaired surrogate, so it is not a member's name.
        }
    }

    /// <summary>Returns the number of bytes that had been read when deserialization failed. All values before that position were
    /// valid.</summary>
    private static long Place(ReadOnlySpan<byte> json, JsonException? refusal)
    {
        if (refusal is not { LineNumber: { } line, BytePositionInLine: { } inLine })
            return long.MaxValue;
        var start = 0;
        for (; line > 0 && json[start..].IndexOf((byte)'\n') is >= 0 and var end; line--)
            start += end + 1;
        return start + inLine;
    }
}
