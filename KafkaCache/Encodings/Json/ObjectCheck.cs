using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Checks types with members: whether JSON can create an instance, and whether all the state of the type is written and
/// read.</summary>
internal static class ObjectCheck
{
    public static void Check(JsonTypeInfo contract, string at, ContractCheck check)
    {
        if (IsTupleOfFields(contract))
        {
            check.Add(at, "is a value tuple, whose fields JSON leaves out.", "Make it a record");
            return;
        }

        CheckDerivedTypes(contract, at, check);
        if (contract.Type.IsAbstract)
            return;
        CheckConstructor(contract, at, check);
        CheckFields(contract, at, check);
        if (IsForeign(contract.Type)
            && contract.Properties.Any(member => MemberCheck.IsWritten(member, contract) && !MemberCheck.IsRead(member, contract)))
            check.Add(
                at, $"is a {TypeText.Of(contract.Type)}, which can be written to JSON but not created from it.",
                "Use a type of your own that holds the same data");
        else
            CheckMembers(contract, at, check);
    }

    private static bool IsTupleOfFields(JsonTypeInfo contract) =>
        contract is { Type.IsValueType: true, Properties.Count: 0 }
            && contract.Type.IsAssignableTo(typeof(System.Runtime.CompilerServices.ITuple));

    /// <summary>Whether the type is one of .NET's own classes. These are not designed for JSON, and hold state that no property exposes. A
    /// StringBuilder, for example, is read back with the same length but without its text.</summary>
    private static bool IsForeign(Type type) =>
        type.IsClass && (type.Namespace == "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true);

    private static void CheckDerivedTypes(JsonTypeInfo contract, string at, ContractCheck check)
    {
        var declared = contract.PolymorphismOptions;
        var type = TypeText.Of(contract.Type);
        if (contract.Type.IsAbstract
            && declared is not { DerivedTypes.Count: > 0, UnknownDerivedTypeHandling: JsonUnknownDerivedTypeHandling.FailSerialization })
        {
            check.Add(
                at,
                $"is {(contract.Type.IsInterface ? "the interface" : "the abstract type")} {type}, and nothing in the JSON says which type "
                + "to create.",
                $"Declare every derived type on {type}, as in [JsonDerivedType(typeof(Derived), \"derived\")], without another "
                + "UnknownDerivedTypeHandling");
        }

        foreach (var derived in declared?.DerivedTypes ?? [])
        {
            var name = TypeText.Of(derived.DerivedType);
            if (derived.TypeDiscriminator is null)
                check.Add(
                    at, $"may be a {name}, which comes back as a {type}: it has no discriminator.",
                    $"Give it one: [JsonDerivedType(typeof({name}), \"a name\")]");
            check.Walk(derived.DerivedType, name);
        }
    }

    private static void CheckConstructor(JsonTypeInfo contract, string at, ContractCheck check)
    {
        if (contract.CreateObject is not null)
            return;
        var bound = contract.Properties.Select(static member => member.AssociatedParameter?.Name)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        if (contract.ConstructorAttributeProvider is ConstructorInfo constructor)
        {
            foreach (var parameter in constructor.GetParameters().Where(parameter => !bound.Contains(parameter.Name ?? "")))
            {
                check.Add(
                    at,
                    $"is a {TypeText.Of(contract.Type)}, whose constructor has a parameter '{parameter.Name}' that no property matches by "
                    + "name and type.",

                    "Give the parameter the name and the type of its property, mark another constructor [JsonConstructor]");
            }
        }
        else if (bound.Count == 0)
        {
            check.Add(
                at, $"is a {TypeText.Of(contract.Type)}, which has no constructor that JSON can choose.",
                "Give it a public one without parameters, mark one of several [JsonConstructor]");
        }
    }

    private static void CheckFields(JsonTypeInfo contract, string at, ContractCheck check)
    {
        foreach (var field in contract.Type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            if (Members.IsIgnored(field)
                || contract.Properties.Any(member => member.AttributeProvider is FieldInfo included && included.Name == field.Name))
                continue;
            check.Add(
                $"{at}.{field.Name}", "is a field, which JSON leaves out.", "Make it a property, mark it [JsonInclude] or [JsonIgnore]");
        }
    }

    private static void CheckMembers(JsonTypeInfo contract, string at, ContractCheck check)
    {
        foreach (var member in contract.Properties)
            MemberCheck.Check(member, contract, at, check);
        if (KeepsAllToItself(contract))
            check.Add(
                at, $"is a {TypeText.Of(contract.Type)}, none of whose members JSON can set.",
                "Give it properties with init accessors for the state that it keeps");
    }

    /// <summary>Whether the type holds state, but has no member that exposes it to JSON, not even an ignored one.</summary>
    private static bool KeepsAllToItself(JsonTypeInfo contract) =>
        Members.HasFields(contract.Type)
        && contract.Type.GetFields(BindingFlags.Instance | BindingFlags.Public).Length == 0
        && contract.Properties.All(member => !MemberCheck.IsRead(member, contract)
            && !MemberCheck.IsIgnored(member) && !Members.KeepsState(member.AttributeProvider));
}
