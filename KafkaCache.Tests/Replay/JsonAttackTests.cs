using System.Text;
using System.Text.Json;

namespace KafkaCaching.Tests.Replay;

/// <summary>Malicious JSON values. Each must be read as a value, or be a record error whose message contains only its position.</summary>
public sealed class JsonAttackTests
{
    public sealed record Node(Node? Next, int Number = 0, string? Text = null, double Real = 0, decimal Money = 0, JsonElement? Any = null);

    // Each Node adds a level, and the content of the last one is one level deeper.
    private static readonly Dictionary<string, (byte[] Json, bool IsGood)> Attacks = new(StringComparer.Ordinal)
    {
        ["63 levels"] = (Nested(63), true),
        ["64 levels"] = (Nested(64), true),
        ["65 levels"] = (Nested(65), false),
        ["10,000 levels"] = (Nested(10_000), false),
        ["200,000 levels never closed"] = (
            Utf8(string.Concat(Enumerable.Repeat("""{"next":""", 100_000)) + new string('[', 100_000)), false),
        ["10,000 levels of a property nobody knows"] = (
            Utf8($$"""{"unknown":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}"""), false),
        ["10,000 levels of any"] = (Utf8($$"""{"any":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}"""), false),
        ["an integer of 10,000 digits"] = (Utf8($$"""{"number":{{new string('9', 10_000)}}}"""), false),
        ["one more than an int"] = (Utf8("""{"number":2147483648}"""), false),
        ["an integer with an exponent"] = (Utf8("""{"number":1e3}"""), false),
        ["more than a double"] = (Utf8("""{"real":1e999999}"""), true), // It is rounded to infinity.
        ["a double of 10,000 digits"] = (Utf8($$"""{"real":0.{{new string('3', 10_000)}}}"""), true),
        ["more than a decimal"] = (Utf8("""{"money":1e99}"""), false),
        ["any number at all"] = (Utf8($$"""{"any":1e{{new string('9', 1_000)}}}"""), true), // JsonElement keeps it as text.
        ["not a number"] = (Utf8("""{"real":NaN}"""), false),
        ["invalid UTF-8 in a string"] = ([.. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8], false),
        ["invalid UTF-8 in a name"] = ([.. "{\""u8, 0xFF, 0xFE, .. "\":1}"u8], true), // The name of an unknown property is not decoded.
        ["UTF-8 of a surrogate"] = ([.. "{\"text\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], false),
        ["half of a surrogate pair"] = (Utf8("""{"text":"\ud83d"}"""), false),
        ["the wrong half first"] = (Utf8("""{"text":"\ude00\ud83d"}"""), false),
        ["both halves"] = (Utf8("""{"text":"\ud83d\ude00"}"""), true),
        ["a NUL"] = (Utf8("""{"text":"\u0000"}"""), true),
        ["duplicate properties"] = (Utf8("""{"number":1,"number":2}"""), true),
        ["duplicate properties, the first of them bad"] = (Utf8("""{"number":"x","number":2}"""), false),
        ["two values"] = (Utf8("""{"number":1}{"number":2}"""), false),
        ["a comma too many"] = (Utf8("""{"number":1,}"""), false),
        ["a comment"] = (Utf8("""{"number":1/**/}"""), false),
        ["a byte order mark"] = ([0xEF, 0xBB, 0xBF, .. "{}"u8], true),
        ["a byte order mark and null"] = ([0xEF, 0xBB, 0xBF, .. "null"u8], false),
        ["a byte order mark alone"] = ([0xEF, 0xBB, 0xBF], false),
        ["two byte order marks"] = ([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. "{}"u8], false),
        ["UTF-16"] = (Encoding.Unicode.GetBytes("{}"), false),
        ["only space"] = (Utf8("  \n"), false),
        ["null among space"] = (Utf8(" null\n"), false),
        ["an array"] = (Utf8("[]"), false),
        ["a megabyte of one string, cut off"] = (Utf8("{\"text\":\"" + new string('x', 900_000)), false),
        ["a type to make"] = (Utf8("""{"$type":"System.Diagnostics.Process, System","number":1}"""), true),
        ["a reference to itself"] = (Utf8("""{"$id":"1","next":{"$ref":"1"}}"""), true),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_a_value_or_a_record_error_the_same_on_replay_in_a_resolver_and_on_read(string name)
    {
        var (json, isGood) = Attacks[name];
        var expected = isGood ? "value" : $"{RecordErrorReason.UndecodableValue} at 1";

        using var onReplay = Cache(static o => o.OnRecordError = RecordErrorPolicy.Quarantine);
        using var resolving = Cache(static o =>
        {
            o.OnRecordError = RecordErrorPolicy.Quarantine;
            o.Resolver = static (in CacheRecord record, ICacheUpdates<string, Node> updates) =>
                updates.Set(record.ReadKey<string>(), record.ReadValue<Node>());
        });
        using var onRead = Cache(static _ => { });
        foreach (var cache in new[] { onReplay, resolving, onRead })
        {
            // The value that a resolver sets is serialized again. If .NET can read a value but not write it, the resolver has failed.
            var rewritten = cache == resolving
                && (name is "more than a double" or "64 levels") ? $"{RecordErrorReason.ResolverThrew} at 1" : expected;
            Assert.Equal(rewritten, Outcome(cache, json));
            Assert.Equal(2, cache.Positions[0].Position);
        }
    }

    [Fact]
    public void Of_duplicate_properties_the_last_counts_for_everyone()
    {
        using var cache = Cache(static o => o.Decode = DecodeMode.OnReplay);
        Assert.Equal("value", Outcome(cache, Attacks["duplicate properties"].Json));
        Assert.Equal(2, cache.Get("k")!.Number);
    }

    private static string Outcome(MemoryReplay<string, Node> cache, byte[] json)
    {
        cache.Apply(Records.Of("k", "{}", 0), Records.Of("k"u8.ToArray(), json, 1));
        try
        {
            Assert.Equal(1, cache.Entry("k")!.Value.Offset);
            return "value";
        }
        catch (RecordErrorException error)
        {
            Assert.InRange(error.Message.Length, 1, 400);
            return $"{error.Reason} at {error.Offset}";
        }
    }

    private static MemoryReplay<string, Node> Cache(Action<KafkaCacheOptions<string, Node>> configure) => new(
        configure,
        static () => new KafkaCaching.Store.Faster.FasterStateStore(new KafkaCaching.Store.StoreSettings(128 << 20, null, 1000, "memory")));

    private static byte[] Nested(int levels) =>
        Utf8(string.Concat(Enumerable.Repeat("""{"next":""", levels - 1)) + "{}" + new string('}', levels - 1));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
