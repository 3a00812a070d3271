using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Types that are written and read whole, by a converter.</summary>
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
                at, $"is a {TypeText.Of(contract.Type)}, which JSON can't hold.", "Make it one of text or numbers, mark it [JsonIgnore]");
    }

    /// <summary>Whether a converter that isn't System.Text.Json's own says how the type is written.</summary>
    public static bool HasUsersConverter(JsonTypeInfo contract) => contract.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly;

    /// <summary>No metadata says so. But of the converters, only those that stand in for a missing one say of a plain number that the type
    /// isn't supported.</summary>
    public static bool IsUnsupported(JsonTypeInfo contract) => !IsPlain(contract.Type) && !CanRead(contract, "0"u8);

    /// <summary>Spares the types that nearly every contract has an exception.</summary>
    public static bool IsPlain(Type type) =>
        (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint))
        || type.IsEnum
        || type == typeof(string) || type == typeof(Guid) || type == typeof(decimal)

            || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(DateOnly)
            || type == typeof(TimeOnly)
        || type == typeof(Uri) || type == typeof(Version);

    /// <summary>Whether the type can be read from this JSON.</summary>
    public static bool IsOf(JsonTypeInfo contract, ReadOnlySpan<byte> json)
    {
        try
        {
            _ = JsonSerializer.Deserialize(json, contract);
            return true;
        }
        catch (Exception)
        {
            return false; // Whatever it is: asked only of JSON that was refused.
        }
    }

    /// <summary>Whether the type is supported, whatever it makes of this JSON.</summary>
    public static bool CanRead(JsonTypeInfo contract, ReadOnlySpan<byte> json)
    {
        try
        {
            _ = JsonSerializer.Deserialize(json, contract);
            return true;
        }
        catch (Exception e)
        {
            // Not of the type, or a constructor of the user's that wants more: that is for records to show.
            return e is not NotSupportedException;
        }
    }
}
