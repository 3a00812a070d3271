using System.Text;
using System.Text.Json.Serialization;
using KafkaCaching.Encodings;

namespace KafkaCaching.Tests.Encodings.Json;

/// <summary>The message for a value that can't be decoded names the cause in terms of the JSON contract. Every payload contains the word
/// "canary", which must not be in the message.</summary>
public sealed class DecodeFaultTests
{
    private static readonly Dictionary<string, (byte[] Json, string Cause)> Cases = new(StringComparer.Ordinal)
    {
        ["nothing"] = ([], "it is empty"),
        ["space"] = (" \r\n"u8.ToArray(), "it is empty"),
        ["cut off in a string"] = (Utf8("""{"name":"canary"""), "it ends in the middle (line 0, byte 15"),
        ["cut off after a member"] = (Utf8("""{"name":"canary","age":1"""), "it ends in the middle"),
        ["two values"] = (Utf8("""{"name":"canary","age":1}{}"""), "something follows its end (line 0, byte 25"),
        ["a comma too many"] = (Utf8("""{"name":"canary","age":1,}"""), "it is not well-formed JSON (line 0, byte 25"),
        ["text"] = (Utf8("canary"), "it is not well-formed JSON (line 0, byte 0"),
        ["UTF-16"] = (Encoding.Unicode.GetBytes("""{"name":"canary"}"""), "it is not well-formed JSON"),
        ["Latin-1 outside a string"] = ([0xE9, .. "canary"u8], "it is not UTF-8"),
        ["Latin-1 in a string"] = ([.. "{\"age\":1,\"name\":\"canary"u8, 0xE9, .. "\"}"u8], "name: a string is not UTF-8 (line 0"),
        ["half of a pair"] = (Utf8("""{"age":1,"name":"canary\ud83d"}"""), "name: no String can be read from this string"),
        ["too deep"] = (Utf8($$"""{"canary":{{new string('[', 100)}}{{new string(']', 100)}}}"""), "it is nested deeper than 64 levels"),
        ["an array"] = (Utf8("""["canary"]"""), "no Person can be read from an array (line 0, byte 1"),
        ["a string for a number"] = (
            Utf8("""{"name":"canary","age":"canary"}"""), "age: no Int32 can be read from this string (line 0, byte 31"),
        ["a number for a string"] = (Utf8("""{"canary":1,"name":7}"""), "name: no String can be read from this number"),
        ["a number that doesn't fit"] = (Utf8("""{"name":"canary","age":99999999999}"""), "age: no Int32 can be read from this number"),
        ["true for a number"] = (Utf8("""{"name":"canary","AGE":true}"""), "age: no Int32 can be read from true or false"),
        ["null for a number"] = (Utf8("""{"name":"canary","age":null}"""), "age: no Int32 can be read from null"),
        ["an object for a list"] = (
            Utf8("""{"age":1,"name":"x","friends":{"canary":1}}"""), "friends: no IList<Person> can be read from an object"),
        ["null for a struct"] = (Utf8("""{"age":1,"name":"x","at":null,"c":"canary"}"""), "at: no Point can be read from null"),
        ["inside a list"] = (
            Utf8("""{"age":1,"name":"x","friends":[{"age":1,"name":"canary"},{"age":{},"name":"y"}]}"""),
            "friends[1].age: no Int32 can be read from an object"),
        ["under the key of a dictionary"] = (
            Utf8("""{"age":1,"name":"x","scores":{"canary":"canary"}}"""), "scores[*]: no Double can be read from this string"),
        ["the key of a dictionary"] = (
            Utf8("""{"age":1,"name":"x","byDay":{"canary":1}}"""), "byDay: no key of type DateOnly can be read from a name"),
        ["an unknown name of an enum"] = (Utf8("""{"age":1,"name":"x","mood":"canary"}"""), "mood: no Mood can be read from this string"),
        ["a bad date on another line"] = (
            Utf8("{\"age\":1,\n \"name\":\"x\",\n \"born\":\"canary\"}"),
            "born: no DateOnly can be read from this string (line 2, byte 16"),
        ["a required member missing"] = (Utf8("""{"age":1,"canary":2}"""), "the required member 'name' is missing"),
        ["a required member missing inside"] = (
            Utf8("""{"age":1,"name":"canary","best":{"age":2}}"""), "best: the required member 'name' is missing"),
        ["no discriminator"] = (
            Utf8("""{"age":1,"name":"canary","pet":{"legs":4}}"""), "pet: the discriminator '$type' is missing, and Pet is abstract"),
        ["an unknown discriminator"] = (
            Utf8("""{"age":1,"name":"x","pet":{"legs":4,"$type":"canary"}}"""),
            "pet: the discriminator '$type' names no declared derived type of Pet"),
        ["inside a derived type"] = (
            Utf8("""{"age":1,"name":"canary","pet":{"legs":"canary","$type":"dog"}}"""), "pet.legs: no Int32 can be read from this string"),
        ["very deep inside"] = (
            Utf8(Repeat("{\"age\":1,\"name\":\"x\",\"best\":", 20) + "\"canary\"" + new string('}', 20)),
            "…best.best.best.best.best.best.best.best: no Person"),
        ["a constructor that throws"] = (Utf8("""{"age":-1,"name":"canary"}"""), "reading it threw System.ArgumentOutOfRangeException."),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Cause_and_position_are_reported_and_nothing_is_quoted(string name)
    {
        var (json, cause) = Cases[name];
        var error = Assert.Throws<FormatException>(() => Codecs.Value<Person>().Decode(json));
        Assert.StartsWith($"The value is not JSON of type {typeof(Person)}: {cause}", error.Message, StringComparison.Ordinal);
        Assert.Null(error.InnerException);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.InRange(error.Message.Length, 1, 300);
    }

    [Fact]
    public void Value_cut_anywhere_and_changed_at_random_is_reported_without_its_payload()
    {
        var random = new Random((int)TestSeed.Next());
        var good = Utf8(
            """{"name":"canary","age":1,"friends":[{"name":"canary","age":2}],"scores":{"canary":1.5},"""
            + """ "pet":{"legs":4,"$type":"dog"},"at":{"x":1}}""");
        for (var i = 0; i < 20_000; i++)
        {
            var json = good[..random.Next(good.Length + 1)];
            for (var changes = random.Next(3); changes > 0 && json.Length > 0; changes--)
                json[random.Next(json.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => Codecs.Value<Person>().Decode(json)) is { } error)
                Assert.DoesNotContain("canary", Assert.IsType<FormatException>(error).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    public enum Mood
    {
        Good,
        Bad,
    }

    public sealed class Person
    {
        private readonly int _age;

        public required string Name { get; init; }

        public int Age
        {
            get => _age;
            init => _age = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, Name);
        }

        public IList<Person>? Friends { get; init; }

        public Person? Best { get; init; }

        public IDictionary<string, double>? Scores { get; init; }

        public IDictionary<DateOnly, int>? ByDay { get; init; }

        public Mood? Mood { get; init; }

        public DateOnly Born { get; init; }

        public AcceptedShapes.Point At { get; init; }

        public Pet? Pet { get; init; }
    }

    [JsonDerivedType(typeof(Dog), "dog")]
    public abstract record Pet;

    public sealed record Dog : Pet
    {
        public int Legs { get; init; }
    }
}
