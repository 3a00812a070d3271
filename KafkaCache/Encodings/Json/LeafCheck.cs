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

    /// <summary>Whether the type is written by a converter that is not one of System.Text.Json's own.</summary>
    public static bool HasUsersConverter(JsonTypeInfo contract) => contract.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly;

    /// <summary>Whether System.Text.Json does not support the type. No metadata shows this, so the check reads a plain number. Only the
    /// converters that System.Text.Json uses in place of a missing one report that the type is not supported.</summary>
    public static bool IsUnsupported(JsonTypeInfo contract) => !IsPlain(contract.Type) && !CanRead(contract, "0"u8);

    /// <summary>Whether the type is one of those that nearly every contract contains. They are known to be supported, so no exception needs
    /// to be provoked.</summary>
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
            return false; // Any exception counts, because only refused JSON is checked here.
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
            // The JSON is not valid for the type, or one of the user's constructors requires more. Real records will show whether this is a
            // problem.
            return e is not NotSupportedException;
        }
    }
}
