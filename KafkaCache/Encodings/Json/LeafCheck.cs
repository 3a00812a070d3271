using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Checks types that a converter writes and reads as a whole.</summary>
internal static class LeafCheck
{
    public static void Check(JsonTypeInfo contract, string at, ContractCheck check)
    {
        if (HasUsersConverter(contract))
            return;
        if (contract.Type == typeof(object))
            check.Add(
                at, "is an object: whatever is put, a JsonElement comes back.", "Give it a type, or make it a JsonElement or a JsonNode");
        else if (IsUnsupported(contract))
            check.Add(
                at, $"is a {TypeText.Of(contract.Type)}, which JSON can't hold.", "Make it text or a number, mark it [JsonIgnore]");
    }

    /// <summary>Whether the type has a converter that is not part of System.Text.Json.</summary>
    public static bool HasUsersConverter(JsonTypeInfo contract) => contract.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly;

    /// <summary>Whether System.Text.Json does not support the type. The contract's metadata does not show this, so the check tries to read
    /// a number. Only the placeholder converters that System.Text.Json uses for unsupported types report that the type is not
    /// supported.</summary>
    public static bool IsUnsupported(JsonTypeInfo contract) => !IsPlain(contract.Type) && !CanRead(contract, "0"u8);

    /// <summary>Whether the type is a common one that is known to be supported. For these types, no trial read, with its exception, is
    /// needed.</summary>
    public static bool IsPlain(Type type) =>
        (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint))
        || type.IsEnum
        || type == typeof(string) || type == typeof(Guid) || type == typeof(decimal)

            || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(DateOnly)
            || type == typeof(TimeOnly)
        || type == typeof(Uri) || type == typeof(Version);

    /// <summary>Whether this JSON can be read as the type.</summary>
    public static bool IsOf(JsonTypeInfo contract, ReadOnlySpan<byte> json)
    {
        try
        {
            _ = JsonSerializer.Deserialize(json, contract);
            return true;
        }
        catch (Exception)
        {
            return false; // Any exception counts, because only JSON that could not be deserialized is checked here.
        }
    }

    /// <summary>Whether the type is supported, even if this JSON is not valid for it.</summary>
    public static bool CanRead(JsonTypeInfo contract, ReadOnlySpan<byte> json)
    {
        try
        {
            _ = JsonSerializer.Deserialize(json, contract);
            return true;
        }
        catch (Exception e)
        {
            // Any other exception only means that this JSON is not valid for the type, or that one of the user's constructors requires
            // more.
            return e is not NotSupportedException;
        }
    }
}
