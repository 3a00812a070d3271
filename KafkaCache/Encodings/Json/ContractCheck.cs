using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Encodings.Json;

/// <summary>Walks through all the types that a JSON contract reaches, and reports everything that would be written but not read back.
/// Custom converters and members marked <c>[JsonIgnore]</c> are the user's responsibility.</summary>
internal sealed class ContractCheck
{
    private readonly JsonSerializerOptions _options;
    private readonly HashSet<Type> _seen = [];
    private readonly List<string> _faults = [];

    private ContractCheck(JsonSerializerOptions options) => _options = options;

    /// <returns>The faults. Each names the member or the type, and says what is wrong with it and what to change.</returns>
    public static IReadOnlyList<string> Faults(JsonTypeInfo contract)
    {
        var check = new ContractCheck(contract.Options);
        if (NumberText.IsNeverRead(contract.Options.NumberHandling))
            check.Add("NumberHandling", NumberText.What, NumberText.Mend);
        check.Walk(contract, TypeText.Of(contract.Type));
        return check._faults;
    }

    public void Walk(Type type, string at)
    {
        JsonTypeInfo contract;
        try
        {
            contract = _options.GetTypeInfo(type);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            Add(at, $"can't be JSON: {e.Message}", "Change it");
            return;
        }

        Walk(contract, at);
    }

    public void Add(string at, string what, string mend) =>
        _faults.Add($"{at} {what} {mend}, or set ValueSerializer and ValueDeserializer.");

    private void Walk(JsonTypeInfo contract, string at)
    {
        if (Nullable.GetUnderlyingType(contract.Type) is { } underlying)
            Walk(underlying, at);
        else if (contract.Kind == JsonTypeInfoKind.None)
            LeafCheck.Check(contract, at, this);
        else if (_seen.Add(contract.Type))
            WalkInto(contract, at);
    }

    private void WalkInto(JsonTypeInfo contract, string at)
    {
        if (contract.Kind == JsonTypeInfoKind.Object)
            ObjectCheck.Check(contract, at, this);
        else
            CollectionCheck.Check(contract, at, this);
    }
}
