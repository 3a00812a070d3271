using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Prevents instances from losing members when they are written: if a contract declares no derived types, an instance of a derived
/// type is written without the members that the derived type adds. The types of future puts are not known at startup, so each instance is
/// checked when it is written.</summary>
internal static class DerivedInstances
{
    /// <summary>A contract modifier that rejects instances whose added members would be lost.</summary>
    public static void RefuseWhereMembersAreLost(JsonTypeInfo contract)
    {
        if (!CanBeDerivedFrom(contract))
            return;
        var loses = new ConcurrentDictionary<Type, bool>();
        var before = contract.OnSerializing;
        contract.OnSerializing = instance =>
        {
            Require(instance, contract, loses);
            before?.Invoke(instance);
        };
    }

    /// <summary>Checks a single value in the same way, for a contract that was given without the modifier.</summary>
    public static void RequireWhole<T>(T value, JsonTypeInfo<T> contract)
    {
        if (!typeof(T).IsValueType
            && value is not null && value.GetType() != typeof(T) && CanBeDerivedFrom(contract) && AddsMembers(value.GetType(), contract))
            throw LosesMembers(value.GetType(), contract);
    }

    private static bool CanBeDerivedFrom(JsonTypeInfo contract) =>
        contract is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null, Type: { IsClass: true, IsSealed: false } };

    private static void Require(object instance, JsonTypeInfo contract, ConcurrentDictionary<Type, bool> loses)
    {
        var type = instance.GetType();
        if (type != contract.Type && loses.GetOrAdd(type, static (derived, declared) => AddsMembers(derived, declared), contract))
            throw LosesMembers(type, contract);
    }

    private static NotSupportedException LosesMembers(Type type, JsonTypeInfo contract) => new(
        $"A {TypeText.Of(type)} would be written as a {TypeText.Of(contract.Type)}, without the members that it adds. "
        + $"Declare it on {TypeText.Of(contract.Type)}: [JsonDerivedType(typeof({TypeText.Of(type)}), \"a name\")].");

    private static bool AddsMembers(Type derived, JsonTypeInfo declared) =>
        declared.Options.GetTypeInfo(derived) is not { Kind: JsonTypeInfoKind.Object } contract
            || contract.Properties.Count > declared.Properties.Count;
}
