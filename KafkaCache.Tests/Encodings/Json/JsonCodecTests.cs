using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using KafkaCaching.Encodings;
using Xunit;

namespace KafkaCaching.Tests.Encodings.Json;

public sealed class JsonCodecTests
{
    public enum SessionType
    {
        Regular,
        MeetingScreen,
    }

    [Fact]
    public void Values_are_web_JSON_with_enums_as_strings()
    {
        Codec<Session> codec = Codecs.Value<Session>();
        var bytes = codec.Encode(new Session("Ada", SessionType.MeetingScreen, 3));
        Assert.Equal("""{"userName":"Ada","type":"MeetingScreen","hops":3}""", Encoding.UTF8.GetString(bytes));
        Assert.Equal(
            new Session("Ada", SessionType.MeetingScreen, 3), codec.Decode("""{"USERNAME":"Ada","type":"meetingscreen","hops":"3"}"""u8));
    }

    [Fact]
    public void Guid_as_a_value_is_JSON()
    {
        var id = Guid.NewGuid();
        Assert.Equal($"\"{id}\"", Encoding.UTF8.GetString(Codecs.Value<Guid>().Encode(id)));
        Assert.Equal(id, Codecs.Value<Guid>().Decode(Codecs.Value<Guid>().Encode(id)));
    }

    [Fact]
    public void Given_contract_wins_over_the_built_in_encoding()
    {
        Codec<string> codec = Codecs.ForValue(null, null, TestContracts.Default.String, "topic");
        Assert.Equal("\"text\"", Encoding.UTF8.GetString(codec.Encode("text")));
        Assert.Equal("text", codec.Decode("\"text\""u8));
    }

    [Fact]
    public void Value_that_begins_with_a_schema_ID_is_reported_with_the_deserializer_that_it_needs()
    {
        var error = Assert.Throws<FormatException>(() => Codecs.Value<Session>().Decode([0, 0, 0, 0, 7, .. """{"userName":"canary"}"""u8]));
        Assert.Contains("ValueDeserializer", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_null_is_no_value_of_any_type()
    {
        RefusesNull<Session>();
        RefusesNull<int?>();
        RefusesNull<double>();
        RefusesNull<JsonElement>();
        RefusesNull<JsonNode>();
        RefusesNull<object>();
        RefusesNull<Guid>();
    }

    [Fact]
    public void Value_that_would_be_written_as_JSON_null_is_refused()
    {
        JsonElement nothing = JsonSerializer.SerializeToElement<string?>(null);
        Assert.Throws<ArgumentException>(() => Codecs.Value<JsonElement>().Encode(nothing));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"userName":"canary" """)]
    [InlineData("""{"userName":"canary"}{}""")]
    [InlineData("""{"userName":"canary","type":"canary"}""")]
    [InlineData("""{"userName":"x","hops":"canary"}""")]
    [InlineData("""{"canary":1,"userName":{"canary":2}}""")]
    [InlineData("canary")]
    public void Bad_JSON_is_reported_by_its_position_and_never_quoted(string json)
    {
        var error = Assert.Throws<FormatException>(() => Codecs.Value<Session>().Decode(Encoding.UTF8.GetBytes(json)));
        Assert.Null(error.InnerException);
        Assert.Contains("line 0, byte ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_deeper_than_64_is_refused()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        Assert.Equal(JsonValueKind.Array, Codecs.Value<JsonElement>().Decode(Encoding.UTF8.GetBytes(Nested(64))).ValueKind);
        Assert.Throws<FormatException>(() => Codecs.Value<JsonElement>().Decode(Encoding.UTF8.GetBytes(Nested(65))));
    }

    [Fact]
    public void Exception_of_a_constructor_is_named_by_its_type_alone()
    {
        var error = Assert.Throws<FormatException>(() => Codecs.Value<Picky>().Decode("""{"name":"canary"}"""u8));
        Assert.Null(error.InnerException);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidTimeZoneException), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryEncode_says_whether_it_fitted()
    {
        Codec<Session> codec = Codecs.Value<Session>();
        var bytes = codec.Encode(new Session("Ada", SessionType.Regular, 1));
        var destination = new byte[bytes.Length];
        Assert.True(codec.TryEncode(new Session("Ada", SessionType.Regular, 1), destination, out var written));
        Assert.Equal(bytes, destination);
        Assert.Equal(bytes.Length, written);
        Assert.False(codec.TryEncode(new Session("Ada", SessionType.Regular, 1), destination.AsSpan(1), out written));
        Assert.Equal(0, written);
    }

    private static void RefusesNull<T>()
    {
        foreach (var json in new[] { "null"u8.ToArray(), " \t\r\nnull\n"u8.ToArray() })
        {
            var error = Assert.Throws<FormatException>(() => Codecs.Value<T>().Decode(json));
            Assert.Contains("null", error.Message, StringComparison.Ordinal);
        }
    }

    public sealed record Session(string UserName, SessionType Type, int Hops);

    public sealed class Picky
    {
        public Picky(string name) => throw new InvalidTimeZoneException(name);

        public string? Name { get; }
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class TestContracts : JsonSerializerContext;
