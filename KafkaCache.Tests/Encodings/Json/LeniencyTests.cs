using System.Text.Json;
using System.Text.Json.Serialization;
using KafkaCaching.Encodings;

namespace KafkaCaching.Tests.Encodings.Json;

/// <summary>Valid JSON in the forms that other platforms write.</summary>
public sealed class LeniencyTests
{
    private static readonly AcceptedShapes.Animal Rex = new AcceptedShapes.Dog("rex", 3);

    public static TheoryData<string> Orders =>
    [
        """{"$type":"dog","name":"rex","age":3}""",
        """{"name":"rex","$type":"dog","age":3}""",
        """{"name":"rex","age":3,"$type":"dog"}""",
    ];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Discriminator_may_be_anywhere_in_every_contract(string json)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(json);
        Assert.Equal(Rex, Codecs.Value<AcceptedShapes.Animal>().Decode(bytes));
        Assert.Equal(
            Rex,
            Codecs.ForValue<AcceptedShapes.Animal>(null, null, null, "t", new JsonSerializerOptions(JsonSerializerDefaults.Web))
                .Decode(bytes));
        Assert.Equal(Rex, Codecs.ForValue(null, null, WebShapeContracts.Default.Animal, "t").Decode(bytes));
        Assert.Equal(Rex, Codecs.Value<AcceptedShapes.Animal[]>().Decode([(byte)'[', .. bytes, (byte)']'])[0]);
    }

    [Fact]
    public void Byte_order_mark_is_passed_over_before_a_value_and_before_null()
    {
        Codec<Guid> codec = Codecs.Value<Guid>();
        var id = Guid.NewGuid();
        Assert.Equal(id, codec.Decode([0xEF, 0xBB, 0xBF, .. codec.Encode(id)]));
        Assert.Contains(
            "null", Assert.Throws<FormatException>(() => Codecs.Value<JsonElement>().Decode([0xEF, 0xBB, 0xBF, .. " null"u8])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Byte_order_mark_is_counted_in_the_place_of_a_fault() => Assert.Contains(
        "(line 0, byte 4,",
        Assert.Throws<FormatException>(() => Codecs.Value<Guid>().Decode([0xEF, 0xBB, 0xBF, .. "[]"u8])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Contract_given_by_hand_stays_as_it_is()
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = WebShapeContracts.Default };
        var byHand = System.Text.Json.Serialization.Metadata.JsonTypeInfo.CreateJsonTypeInfo<AcceptedShapes.Empty>(options);
        byHand.CreateObject = static () => new AcceptedShapes.Empty();
        Assert.Equal(new AcceptedShapes.Empty(), Codecs.ForValue(null, null, byHand, "t").Decode("{}"u8));
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AcceptedShapes.Animal))]
internal sealed partial class WebShapeContracts : JsonSerializerContext;
