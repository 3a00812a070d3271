using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KafkaCaching.Tests.Encodings.Json;

/// <summary>Types of values that don't survive a round trip through JSON, each with the member that validation must name.</summary>
[SuppressMessage("Design", "CA1051", Justification = "Fields are what is refused.")]
[SuppressMessage("Design", "MA0016", Justification = "Shapes of every kind, as users write them.")]
[SuppressMessage("Naming", "CA1708", Justification = "Names by case alone are one of them.")]
public static class RefusedShapes
{
    public static readonly Dictionary<string, (ValueShape Shape, string At)> All = new(StringComparer.Ordinal)
    {
        ["tuple alone"] = Of<(int, string)>("ValueTuple<Int32, String> is a value tuple"),
        ["nullable tuple alone"] = Of<(int, string)?>("is a value tuple"),
        ["tuple inside a record"] = Of<WithTuple>("WithTuple.P is a value tuple"),
        ["tuple inside a list inside a record"] = Of<WithTuples>("WithTuples.Ps[] is a value tuple"),
        ["tuple inside a dictionary"] = Of<Dictionary<string, (int, int)>>("[] is a value tuple"),
        ["tuple deep inside"] = Of<Outer<Outer<WithTuple>>>(".Inner.Inner.P is a value tuple"),
        ["tuple of nine"] = Of<(int, int, int, int, int, int, int, int, int)>("is a value tuple"),
        ["public fields"] = Of<Fields>("Fields.A is a field"),
        ["public fields of a struct"] = Of<FieldsOfStruct>("FieldsOfStruct.A is a field"),
        ["public fields, inherited"] = Of<InheritsFields>("InheritsFields.A is a field"),
        ["fields of .NET's own"] = Of<Moving>("Moving.At.X is a field"),
        ["get-only auto-property"] = Of<GetOnly>("GetOnly.A is written"),
        ["get-only collection"] = Of<GetOnlyList>("GetOnlyList.Tags is written"),
        ["private setter"] = Of<PrivateSetter>("PrivateSetter.A is written"),
        ["internal setter"] = Of<InternalSetter>("InternalSetter.A is written"),
        ["private getter"] = Of<PrivateGetter>("PrivateGetter.A is read"),
        ["field handed out by a property"] = Of<HandsOut>("HandsOut.Items is written"),
        ["struct with a constructor that JSON passes over"] = Of<ReadOnlyStruct>("ReadOnlyStruct.X is written"),
        ["read-only properties that the options leave out"] = Of<AcceptedShapes.ByConstructor>(
            "ByConstructor.Name is read", static options => options.ValueJsonOptions = new() { IgnoreReadOnlyProperties = true }),
        ["interface"] = Of<IShape>("is the interface IShape"),
        ["interface inside"] = Of<WithInterface>("WithInterface.Shape is the interface"),
        ["abstract class"] = Of<Abstract>("is the abstract type Abstract"),
        ["abstract class in a list"] = Of<List<Abstract>>("List<Abstract>[] is the abstract type"),
        ["abstract class that falls back to its base"] = Of<FallsBack>("is the abstract type FallsBack"),
        ["derived type without a discriminator"] = Of<Undiscriminated>("may be a Undiscriminated1"),
        ["derived type with a tuple"] = Of<PolyWithTuple>("PolyWithTuple1.P is a value tuple"),
        ["two constructors"] = Of<TwoWays>("is a TwoWays, which has no constructor"),
        ["private constructor"] = Of<NoWay>("is a NoWay, which has no constructor"),
        ["constructor whose parameter is named otherwise"] = Of<OddParameter>("'other'"),
        ["constructor whose parameter has another type"] = Of<OddType>("'a'"),
        ["object"] = Of<object>("Object is an object"),
        ["object inside"] = Of<WithObject>("WithObject.Any is an object"),
        ["dictionary of objects"] = Of<Dictionary<string, object>>("[] is an object"),
        ["list of whatever"] = Of<ArrayList>("ArrayList[] is an object"),
        ["read-only collection"] = Of<ReadOnlyCollection<int>>("can't be read into"),
        ["frozen dictionary inside"] = Of<Outer<FrozenDictionary<string, int>>>(
            ".Inner is a FrozenDictionary<String, Int32>, which JSON can't be read into"),
        ["collection without a way to add"] = Of<OwnEnumerable>("can't be read into"),
        ["asynchronous enumerable"] = Of<IAsyncEnumerable<int>>("can't be read into"),
        ["stack"] = Of<Stack<int>>("upside down"),
        ["immutable stack inside"] = Of<Outer<ImmutableStack<int>>>(".Inner is a ImmutableStack<Int32>, which comes back upside down"),
        ["list with a member of its own"] = Of<Titled>("Titled.Title is a member of a collection"),
        ["dictionary with keys that are no names"] = Of<Dictionary<AcceptedShapes.Point, int>>("has keys of type Point"),
        ["dictionary whose keys are renamed"] = Of<Dictionary<string, int>>(
            "DictionaryKeyPolicy", static options => options.ValueJsonOptions = new() { DictionaryKeyPolicy = JsonNamingPolicy.CamelCase }),
        ["multidimensional array"] = Of<Outer<int[,]>>(".Inner is a Int32[,], which JSON can't hold"),
        ["delegate"] = Of<Outer<Action>>(".Inner is a Action, which JSON can't hold"),
        ["Type"] = Of<Outer<Type>>(".Inner is a Type, which JSON can't hold"),
        ["native integer"] = Of<Outer<nint>>(".Inner is a IntPtr, which JSON can't hold"),
        ["span"] = Of<WithSpan>("WithSpan"),
        ["stream"] = Of<Outer<Stream>>(".Inner is the abstract type Stream"),
        ["StringBuilder"] = Of<Outer<StringBuilder>>(".Inner is a StringBuilder"),
        ["exception"] = Of<InvalidOperationException>("is a InvalidOperationException"),
        ["BigInteger"] = Of<Outer<BigInteger>>(".Inner is a BigInteger"),
        ["Complex"] = Of<Complex>("Complex.Real is written"),
        ["all kept to itself"] = Of<Secretive>("is a Secretive, none of whose members"),
        ["names that differ by case alone"] = Of<CaseAlone>("CaseAlone"),
        ["one name twice"] = Of<SameName>("SameName"),
        ["numbers written as strings and read as numbers"] = Of<StrictNumbers>("StrictNumbers.A writes numbers"),
        ["two faults at once"] = Of<TwoFaults>("TwoFaults.B is an object"),
        ["source-generated contract of fields"] = Of<Fields>(
            "Fields.A is a field", static options => options.ValueJsonTypeInfo = RefusedContracts.Default.Fields),
        ["source-generated contract of two constructors"] = Of<TwoWays>(
            "has no constructor", static options => options.ValueJsonTypeInfo = RefusedContracts.Default.TwoWays),
        ["source-generated contract of an interface inside"] = Of<WithInterface>(
            "WithInterface.Shape is the interface", static options => options.ValueJsonTypeInfo = RefusedContracts.Default.WithInterface),
        ["contract made by hand that makes no instances"] = Of<Fields>(
            "has no constructor", static options => options.ValueJsonTypeInfo = JsonTypeInfo.CreateJsonTypeInfo<Fields>(new())),
    };

    private static (ValueShape Shape, string At) Of<T>(string at, Action<KafkaCacheOptions<string, T>>? configure = null) =>
        (new ValueShape<T>(default!, null, configure), at);

    public sealed record WithTuple(string N, (int X, int Y) P);

    public sealed record WithTuples(IReadOnlyList<(int X, int Y)> Ps);

    public sealed record Outer<T>(T Inner);

    public class Fields
    {
        public int A;
    }

    public struct FieldsOfStruct(int a)
    {
        public int A = a;
    }

    public sealed class InheritsFields : Fields;

    public sealed record Moving(Vector2 At);

    public sealed class GetOnly
    {
        public int A { get; } = 3;
    }

    public sealed class GetOnlyList
    {
        public List<string> Tags { get; } = [];
    }

    public sealed class PrivateSetter
    {
        public int A { get; private set; }

        public void Set() => A = 3;
    }

    public sealed class InternalSetter
    {
        public int A { get; internal set; }
    }

    public sealed class PrivateGetter
    {
        public int A { private get; set; }

        public override string ToString() => $"{A}";
    }

    public sealed class HandsOut
    {
        private readonly List<int> _items = [];

        public IReadOnlyList<int> Items => _items;

        public void Add(int item) => _items.Add(item);
    }

    public readonly struct ReadOnlyStruct(int x)
    {
        public int X { get; } = x;
    }

    public interface IShape
    {
        int Sides { get; }
    }

    public sealed record WithInterface(string Name, IShape? Shape);

    public abstract class Abstract
    {
        public int A { get; set; }
    }

    [JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
    [JsonDerivedType(typeof(FallsBack1), "one")]
    public abstract class FallsBack;

    public sealed class FallsBack1 : FallsBack;

    [JsonDerivedType(typeof(Undiscriminated1))]
    public class Undiscriminated
    {
        public int A { get; set; }
    }

    public sealed class Undiscriminated1 : Undiscriminated;

    [JsonDerivedType(typeof(PolyWithTuple1), "one")]
    public abstract class PolyWithTuple;

    public sealed class PolyWithTuple1 : PolyWithTuple
    {
        public (int X, int Y) P { get; set; }
    }

    public sealed class TwoWays
    {
        public TwoWays(string a) => A = a;

        public TwoWays(string a, int b) => A = a + b;

        public string A { get; }
    }

    public sealed class NoWay
    {
        private NoWay()
        {
        }

        public int A { get; set; }

        public static NoWay Of() => new();
    }

    public sealed class OddParameter(int a, int other)
    {
        public int A { get; } = a + other;
    }

    public sealed class OddType(long a)
    {
        public int A { get; init; } = (int)a;
    }

    public sealed record WithObject(object Any);

    public sealed class OwnEnumerable : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, 3).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class Titled : List<int>
    {
        public string? Title { get; set; }
    }

    public sealed class WithSpan
    {
        public int[] Numbers { get; init; } = [];

        public ReadOnlySpan<int> Span => Numbers;
    }

    public sealed class Secretive
    {
        private int _count;

        public int Twice => _count * 2;

        public void Count() => _count++;
    }

    [SuppressMessage("Naming", "CA1708", Justification = "It is what is refused.")]
    public sealed class CaseAlone
    {
        public int Id { get; set; }

        public int ID { get; set; }
    }

    public sealed class SameName
    {
        [JsonPropertyName("same")]
        public int One { get; set; }

        [JsonPropertyName("same")]
        public int Two { get; set; }
    }

    public sealed class StrictNumbers
    {
        [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
        public int A { get; set; }
    }

    public sealed record TwoFaults((int, int) A, object B);
}

[JsonSerializable(typeof(RefusedShapes.Fields))]
[JsonSerializable(typeof(RefusedShapes.TwoWays))]
[JsonSerializable(typeof(RefusedShapes.WithInterface))]
internal sealed partial class RefusedContracts : JsonSerializerContext;
