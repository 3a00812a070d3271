using Confluent.Kafka;
using KafkaCaching.Encodings;
using KafkaCaching.Options;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Tests.Schemas;

namespace KafkaCaching.Tests.Replay.Applying;

public sealed class SchemaWarmUpTests
{
    private static readonly Guid AGuid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    public static TheoryData<byte[], byte[], bool> Pairs => new()
    {
        { WireFormat.Prefix(7), WireFormat.WithId(7, "x"u8), true },
        { WireFormat.Prefix(7), WireFormat.Prefix(8), false },
        { WireFormat.Prefix(0), [], false },
        { WireFormat.Prefix(-1), WireFormat.Prefix(int.MaxValue), false },
        { WireFormat.Prefix(AGuid), WireFormat.WithGuid(AGuid, "x"u8), true },
        { WireFormat.Prefix(AGuid), WireFormat.Prefix(Guid.Empty), false },
        { WireFormat.Prefix(AGuid)[..16], "{}"u8.ToArray(), true },
        { WireFormat.Prefix(7)[..4], [], true },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Bytes_are_of_one_schema_when_their_prefix_says_so(byte[] one, byte[] other, bool areOfOne) =>
        Assert.Equal(areOfOne, SchemaPrefix.Of(one) == SchemaPrefix.Of(other));

    [Fact]
    public void Built_in_encodings_have_nothing_to_warm_and_nobody_reads_their_headers()
    {
        Assert.Null(SchemaWarmUp<string>.For(Codecs.Value<string>()));
        Assert.Null(SchemaWarmUp<Version>.For(Codecs.Value<Version>()));
        Assert.False(new KafkaCacheOptions<string, string>().ForRecords(Codecs.Value<string>(), Codecs.Value<string>()).ReadsHeaders);
    }

    [Fact]
    public void Encoding_that_is_not_in_the_wire_format_is_decoded_a_bounded_number_of_times()
    {
        var counting = new Counting();
        var warmUp = SchemaWarmUp<string>.For(Codecs.ForValue(null, counting, null, "topic"))!;

        for (var i = 0; i < 100; i++)
            Assert.True(warmUp.Warm("{}"u8));
        Assert.Equal(1, counting.Decoded);

        for (var i = 0; i < 5000; i++)
            Assert.True(warmUp.Warm(WireFormat.Prefix(i)));
        Assert.Equal(1000, counting.Decoded);
    }

    private sealed class Counting : IDeserializer<string>
    {
        public int Decoded { get; private set; }

        public string Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
        {
            Decoded++;
            return "";
        }
    }
}
