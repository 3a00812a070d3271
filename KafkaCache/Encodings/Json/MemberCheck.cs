using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Checks that a member of a type is both written and read if it holds state.</summary>
internal static class MemberCheck
{
    public static void Check(JsonPropertyInfo member, JsonTypeInfo owner, string ownerAt, ContractCheck check)
    {
        if (IsIgnored(member) || member.IsExtensionData)
            return;
        var at = $"{ownerAt}.{(member.AttributeProvider as MemberInfo)?.Name ?? member.Name}";
        var (written, read) = (IsWritten(member, owner), IsRead(member, owner));
        if (Members.KeepsState(member.AttributeProvider))
            CheckState(at, written, read, check);
        if (NumberText.IsNeverRead(member.NumberHandling ?? owner.NumberHandling))
            check.Add(at, NumberText.What, NumberText.Mend);
        if (member.CustomConverter is null && (written || read))
            CheckType(member, at, both: written && read, check);
    }

    public static bool IsIgnored(JsonPropertyInfo member) => member is { Get: null, Set: null };

    public static bool IsWritten(JsonPropertyInfo member, JsonTypeInfo owner) =>
        member.Get is not null && (member.Set is not null || !IsLeftOutWhenReadOnly(member, owner));

    public static bool IsRead(JsonPropertyInfo member, JsonTypeInfo owner) =>
        member.IsExtensionData || member.Set is not null || member.AssociatedParameter is not null || IsFilledInPlace(member, owner);

    private static void CheckState(string at, bool written, bool read, ContractCheck check)
    {
        if (!read)
        {
            check.Add(
                at, "is written to JSON but can't be read back: it has no public set or init accessor and no constructor parameter.",
                "Give it one, mark its accessor [JsonInclude], mark it [JsonIgnore] if it follows from other members");
        }
        else if (!written)
        {
            check.Add(
                at, "is read from JSON but never written: it has no public getter that JSON uses.",
                "Give it one, mark it [JsonInclude] or [JsonIgnore]");
        }
    }

    // A computed member need not be read back. But if its type can't be written, every put would fail.
    private static void CheckType(JsonPropertyInfo member, string at, bool both, ContractCheck check)
    {
        if (both)
            check.Walk(member.PropertyType, at);
        else if (member.Options.GetTypeInfo(member.PropertyType) is { Kind: JsonTypeInfoKind.None } leaf
            && !LeafCheck.HasUsersConverter(leaf) && LeafCheck.IsUnsupported(leaf))
            check.Walk(member.PropertyType, at);
    }

    private static bool IsLeftOutWhenReadOnly(JsonPropertyInfo member, JsonTypeInfo owner) => member.AttributeProvider switch
    {
        FieldInfo => owner.Options.IgnoreReadOnlyFields,
        PropertyInfo => owner.Options.IgnoreReadOnlyProperties,
        _ => false,
    };

    /// <summary>Whether deserialization populates the existing instance of a member that has no setter. If Populate is set on the member,
    /// System.Text.Json itself checks that this is possible. If Populate is set for the whole type or in the options, it applies only to
    /// members for which it is possible.</summary>
    private static bool IsFilledInPlace(JsonPropertyInfo member, JsonTypeInfo owner) =>
        member.ObjectCreationHandling is { } own
            ? own == JsonObjectCreationHandling.Populate
            : (owner.PreferredPropertyObjectCreationHandling ?? owner.Options.PreferredObjectCreationHandling)
                    == JsonObjectCreationHandling.Populate
                && owner.CreateObject is not null
                && !member.PropertyType.IsValueType
                && owner.Options.GetTypeInfo(member.PropertyType) is { Kind: not JsonTypeInfoKind.None, CreateObject: not null };
}
