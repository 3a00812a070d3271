using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace KafkaCaching.Tests.Encodings.Json;

/// <summary>Types of values that survive a round trip through JSON, each with a sample value.</summary>
[SuppressMessage("Design", "MA0016", Justification = "Shapes of every kind, as users write them.")]
[SuppressMessage("Naming", "CA1720", Justification = "Shapes of every kind, as users write them.")]
public static class AcceptedShapes
{
    public static readonly Dictionary<string, ValueShape> All = new(StringComparer.Ordinal)
    {
        ["record"] = Of(new Place("here", 3, Colour.Green)),
        ["record struct"] = Of(new Point(1, 2)),
        ["readonly record struct inside a record"] = Of(new Line(new Point(1, 2), new Point(3, 4))),
        ["class with setters"] = Of(new Settable { A = 1, B = "b" }),
        ["class with init and required"] = Of(new Initialized { Name = "n", Age = 7 }),
        ["class with a constructor and get-only properties"] = Of(new ByConstructor("n", 3)),
        ["class with several constructors, one of them marked"] = Of(new Marked("n", 3)),
        ["private setter, included"] = Of(new Included(5)),
        ["private constructor, marked"] = Of(Hidden.Of(8)),
        ["primary constructor handed out by property"] = Of(new Captured("x")),
        ["computed properties"] = Of(new Computed { First = "Ada", Last = "Lovelace" }),
        ["computed property of a type that JSON can't make"] = Of(new ComputedInterface { A = 4 }),
        ["nothing at all"] = Of(new Empty()),
        ["ignored members"] = Of(new Ignoring { A = 3 }),
        ["anonymous type"] = Of(new { Id = 1, Name = "ada" }),
        ["inherited members"] = Of(new Inheriting { A = 1, B = 2 }),
        ["generic"] = Of(new Page<Point>([new Point(1, 2)], 3)),
        ["recursive"] = Of(new Tree("root", [new Tree("leaf", [])])),
        ["collection of itself"] = Of(new Nest { new Nest(), new Nest { new Nest() } }),
        ["abstract with discriminators"] = Of<Animal>(new Dog("rex", 3)),
        ["interface with discriminators"] = Of(new Zoo([new Lion { Mane = 2 }, new Owl { Eyes = 2 }])),
        ["concrete base with discriminators"] = Of<Vehicle>(new Car { Wheels = 4, Doors = 5 }),
        ["nullables"] = Of(new Nullables(1, null, Colour.Red, new Point(1, 1))),
        ["null reference members"] = Of(new Place(null!, 0, Colour.Red)),
        ["dates and times"] = Of(new Times(
            new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc).AddTicks(7),
            new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(5)),
            TimeSpan.FromTicks(123_456_789), new DateOnly(2024, 2, 29), new TimeOnly(23, 59, 58, 7))),
        ["numbers"] = Of(
            new Numbers(sbyte.MinValue, byte.MaxValue, short.MinValue, ulong.MaxValue, Int128.MaxValue, 0.1f, Math.PI, 1.10m, (Half)0.5)),
        ["flags and characters"] = Of(new Letters('x', Sides.Left | Sides.Right, "\u2028\"\\\ud83d\ude00")),
        ["bytes"] = Of(new Bytes([1, 2, 3], new byte[] { 4, 5 }), static bytes => (bytes.Array, bytes.Memory.ToArray())),
        ["Uri, Version, Guid"] = Of(new Names(new Uri("http://a/b?c=d"), new Version(1, 2, 3), Guid.NewGuid())),
        ["Guid alone"] = Of(Guid.NewGuid()),
        ["enum alone"] = Of(Colour.Green),
        ["bool alone"] = Of(true),
        ["JSON of any kind"] = Of(
            new Any(JsonSerializer.SerializeToElement(new { a = 1 }), JsonNode.Parse("[1]")!),
            static any => any.Element.GetRawText() + any.Node.ToJsonString()),
        ["JsonElement alone"] = Of(JsonSerializer.SerializeToElement(new { a = 1 }), static element => element.GetRawText()),
        ["extension data"] = Of(
            new Extended { A = 1, More = new() { ["x"] = JsonSerializer.SerializeToElement(2) } },
            static extended => $"{extended.A} {extended.More!.Single().Key} {extended.More!.Single().Value}"),
        ["lists"] = Of(new Lists([1], [2, 3], [4], [5], new LinkedList<int>([6]), new Queue<int>([7, 8]), [9], [10])),
        ["lists by interface"] = Of(new ListsByInterface([1], new List<int> { 2 }, new List<int> { 3 }, [4], new HashSet<int> { 5 })),
        ["dictionaries"] = Of(new Dictionaries(
            new() { ["Aa"] = 1 }, new() { [7] = "x" }, new() { [Guid.NewGuid()] = Colour.Green }, new() { [Colour.Red] = new Point(1, 2) },
            new(new Dictionary<string, int> { ["c"] = 1 }), ImmutableDictionary<string, int>.Empty.Add("i", 1),
            new SortedDictionary<DateOnly, int> { [new(2024, 2, 29)] = 1 })),
        ["list of lists of dictionaries alone"] = Of(new List<List<Dictionary<string, Point>>> { new() { new() { ["a"] = new(1, 2) } } }),
        ["pairs and tuples of classes"] = Of(new Pairs(new("a", 1), Tuple.Create(1, "b"))),
        ["converter of the user's on a type"] = Of(new Holder(new Opaque { Hidden = 5 }), static holder => holder.Opaque.Hidden),
        ["converter of the user's on a member"] = Of(
            new HolderByMember { Opaque = new Opaque2 { Hidden = 5 } }, static holder => holder.Opaque!.Hidden),
        ["filled in place"] = Of(new FilledInPlace { Tags = { "a", "b" }, ByName = { ["x"] = 1 } }),
        ["filled in place, told of the type"] = Of(new AllFilledInPlace { Tags = { "a" } }),
        ["fields, included"] = Of(new IncludedFields { A = 3 }),
        ["fields and value tuples where the options include fields"] = Of(
            new Fielded { Pair = (1, "x") }, static fielded => fielded.Pair,
            static options => options.ValueJsonOptions = new() { IncludeFields = true }),
        ["what a source-generated contract holds"] = Of(
            new Place("here", 3, Colour.Red), null, static options => options.ValueJsonTypeInfo = ShapeContracts.Default.Place),
        ["polymorphic, source-generated"] = Of<Animal>(
            new Dog("rex", 3), null, static options => options.ValueJsonTypeInfo = ShapeContracts.Default.Animal),
        ["alias that is only read"] = Of(new Aliased { Name = "n" }),
    };

    private static ValueShape<T> Of<T>(T value, Func<T, object?>? seen = null, Action<KafkaCacheOptions<string, T>>? configure = null) =>
        new(value, seen, configure);

    public enum Colour
    {
        Red,
        Green,
    }

    [Flags]
    public enum Sides
    {
        Left = 1,
        Right = 2,
    }

    public sealed record Place(string Name, int Number, Colour Colour);

    public readonly record struct Point(int X, int Y);

    public record Line(Point From, Point To);

    public sealed class Settable
    {
        public int A { get; set; }

        public string? B { get; set; }
    }

    public sealed class Initialized
    {
        public required string Name { get; init; }

        public int Age { get; init; }
    }

    public sealed class ByConstructor(string name, int age)
    {
        public string Name { get; } = name;

        public int Age { get; } = age;
    }

    public sealed class Marked
    {
        public Marked(string name) => Name = name;

        [JsonConstructor]
        public Marked(string name, int age) => (Name, Age) = (name, age);

        public string Name { get; }

        public int Age { get; }
    }

    public sealed class Included
    {
        public Included()
        {
        }

        public Included(int a) => A = a;

        [JsonInclude]
        public int A { get; private set; }
    }

    public sealed class Hidden
    {
        [JsonConstructor]
        private Hidden(int a) => A = a;

        public int A { get; }

        public static Hidden Of(int a) => new(a);
    }

    public sealed class Captured(string name)
    {
        public string Name => name;
    }

    public sealed class Computed
    {
        private string? _cached;

        public string First { get; init; } = "";

        public string Last { get; init; } = "";

        public string Full => $"{First} {Last}";

        public string Cached => _cached ??= First + Last;
    }

    public sealed class ComputedInterface
    {
        public int A { get; init; }

        public IEnumerable Numbers => new[] { A };

        public IComparable Shown => A;
    }

    public sealed record Empty;

    [SuppressMessage("Design", "CA1051", Justification = "A field that nobody wants written.")]
    public sealed class Ignoring
    {
        [JsonIgnore]
        public object Lock { get; } = new();

        [JsonIgnore]
        public int Field = 3;

        public int A { get; set; }
    }

    public class Inherited
    {
        public int A { get; init; }
    }

    public sealed class Inheriting : Inherited
    {
        public int B { get; init; }
    }

    public sealed record Page<T>(IReadOnlyList<T> Items, int Total);

    public sealed record Tree(string Name, List<Tree> Children);

    public sealed class Nest : List<Nest>;

    [JsonDerivedType(typeof(Dog), "dog")]
    public abstract record Animal(string Name);

    public sealed record Dog(string Name, int Age) : Animal(Name);

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Lion), 1)]
    [JsonDerivedType(typeof(Owl), 2)]
    public interface IBeast;

    public sealed record Lion : IBeast
    {
        public int Mane { get; init; }
    }

    public sealed record Owl : IBeast
    {
        public int Eyes { get; init; }
    }

    public sealed record Zoo(IBeast[] Beasts);

    [JsonDerivedType(typeof(Car), "car")]
    public class Vehicle
    {
        public int Wheels { get; init; }
    }

    public sealed class Car : Vehicle
    {
        public int Doors { get; init; }
    }

    public sealed record Nullables(int? Number, int? None, Colour? Colour, Point? Point);

    public sealed record Times(DateTime Utc, DateTimeOffset Offset, TimeSpan Span, DateOnly Date, TimeOnly Time);

    public sealed record Numbers(sbyte A, byte B, short C, ulong D, Int128 E, float F, double G, decimal H, Half I);

    public sealed record Letters(char Letter, Sides Sides, string Text);

    public sealed record Bytes(byte[] Array, ReadOnlyMemory<byte> Memory);

    public sealed record Names(Uri Uri, Version Version, Guid Guid);

    public sealed record Any(JsonElement Element, JsonNode Node);

    public sealed class Extended
    {
        public int A { get; set; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? More { get; set; }
    }

    public sealed record Lists(
        int[] Array, List<int> List, HashSet<int> Set, ImmutableArray<int> Immutable, LinkedList<int> Linked, Queue<int> Queue,
        ObservableCollection<int> Observed,
        SortedSet<int> Sorted);

    public sealed record ListsByInterface(
        IEnumerable<int> Any, IList<int> List, ICollection<int> Collection, IReadOnlyList<int> ReadOnly, ISet<int> Set);

    public sealed record Dictionaries(
        Dictionary<string, int> Plain, Dictionary<int, string> ByNumber, Dictionary<Guid, Colour> ByGuid, Dictionary<Colour, Point> ByEnum,
        ConcurrentDictionary<string, int> Concurrent, ImmutableDictionary<string, int> Immutable, IDictionary<DateOnly, int> Sorted);

    public sealed record Pairs(KeyValuePair<string, int> Pair, Tuple<int, string> Tuple);

    [JsonConverter(typeof(OpaqueConverter))]
    [SuppressMessage("Design", "CA1051", Justification = "What a converter writes is its own affair.")]
    public sealed class Opaque
    {
        public int Hidden;
    }

    [SuppressMessage("Design", "CA1051", Justification = "What a converter writes is its own affair.")]
    public sealed class Opaque2
    {
        public int Hidden;
    }

    public sealed record Holder(Opaque Opaque);

    public sealed class HolderByMember
    {
        [JsonConverter(typeof(Opaque2Converter))]
        public Opaque2? Opaque { get; set; }
    }

    public sealed class OpaqueConverter : JsonConverter<Opaque>
    {
        public override Opaque Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new() { Hidden = reader.GetInt32() };

        public override void Write(Utf8JsonWriter writer, Opaque value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Hidden);
    }

    public sealed class Opaque2Converter : JsonConverter<Opaque2>
    {
        public override Opaque2 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new() { Hidden = reader.GetInt32() };

        public override void Write(Utf8JsonWriter writer, Opaque2 value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Hidden);
    }

    public sealed class FilledInPlace
    {
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<string> Tags { get; } = [];

        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public Dictionary<string, int> ByName { get; } = [];
    }

    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public sealed class AllFilledInPlace
    {
        public List<string> Tags { get; } = [];
    }

    [SuppressMessage("Design", "CA1051", Justification = "Fields are what is asked of.")]
    public sealed class IncludedFields
    {
        [JsonInclude]
        public int A;
    }

    [SuppressMessage("Design", "CA1051", Justification = "Fields are what is asked of.")]
    public sealed class Fielded
    {
        public (int, string) Pair;
    }

    public sealed class Aliased
    {
        public string? Name { get; set; }

        public string? Title
        {
            set => Name = value;
        }
    }
}

[JsonSerializable(typeof(AcceptedShapes.Place))]
[JsonSerializable(typeof(AcceptedShapes.Animal))]
internal sealed partial class ShapeContracts : JsonSerializerContext;
