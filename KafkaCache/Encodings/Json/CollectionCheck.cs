using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Checks whether arrays, lists, sets and dictionaries can be read back from JSON completely and in the order in which they were
/// written.</summary>
internal static class CollectionCheck
{
    private static readonly HashSet<Type> Stacks = [
        typeof(Stack<>), typeof(ConcurrentStack<>), typeof(ImmutableStack<>), typeof(IImmutableStack<>),
    ];

    public static void Check(JsonTypeInfo contract, string at, ContractCheck check)
    {
        var type = TypeText.Of(contract.Type);
        if (IsStack(contract.Type))
            check.Add(
                at, $"is a {type}, which comes back upside down: its top is written first and then pushed first.", "Make it a List<T>");
        else if (!RoundTrips(contract))
            check.Add(
                at, $"is a {type}, which JSON can't be read into.",
                "Make it an array, a List<T>, a HashSet<T> or a Dictionary<TKey, TValue>");
        foreach (var member in OwnState(contract.Type))
            check.Add(
                $"{at}.{member.Name}", "is a member of a collection, of which JSON contains only the items.",
                "Put the collection into a property next to this member");
        if (contract.Kind == JsonTypeInfoKind.Dictionary)
            CheckKeys(contract, at, check);
        check.Walk(contract.ElementType!, $"{at}[]");
    }

    private static void CheckKeys(JsonTypeInfo contract, string at, ContractCheck check)
    {
        var key = contract.KeyType!;
        if (!LeafCheck.IsPlain(key) && !LeafCheck.CanRead(contract, "{\"\":null}"u8))
            check.Add(
                at, $"has keys of type {TypeText.Of(key)}, which can't be the names of JSON members.",
                "Make the keys strings, make it a list of pairs");
        else if (contract.Options.DictionaryKeyPolicy is not null)
            check.Add(
                at, "is a dictionary, whose keys DictionaryKeyPolicy changes when they are written but not back when they are read.",
                "Remove DictionaryKeyPolicy");
    }

    /// <summary>Whether a collection can be created from JSON. The contract's metadata does not show this, so an empty collection is read
    /// as a test.</summary>
    private static bool RoundTrips(JsonTypeInfo contract)
    {
        var empty = contract.Kind == JsonTypeInfoKind.Dictionary ? "{}"u8 : "[]"u8;
        try
        {
            return JsonSerializer.Deserialize(empty, contract) is { } made
                && JsonSerializer.SerializeToUtf8Bytes(made, contract).AsSpan().SequenceEqual(empty);
        }
        catch (Exception)
        {
            return false; // Any exception counts, because reading a record would cause it too.
        }
    }

    private static bool IsStack(Type type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            if (one.IsGenericType && Stacks.Contains(one.GetGenericTypeDefinition()))
                return true;
        }

        return false;
    }

    private static IEnumerable<MemberInfo> OwnState(Type type) => type.IsArray ? [] :
    [
        .. Members.StateOf(type).Where(static property => property.CanWrite),
        .. type.GetFields(BindingFlags.Instance | BindingFlags.Public),
    ];
}
