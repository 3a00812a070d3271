using System.Text;
using Confluent.Kafka;
using KafkaCaching.Encodings;
using Xunit;

namespace KafkaCaching.Tests.Encodings;

public sealed class ConfluentCodecTests
{
    [Fact]
    public void Serializers_get_the_component_and_the_topic()
    {
        var probe = new Probe();
        Codec<Uri> key = Codecs.ForKey<Uri>(probe, probe, "users");
        Assert.Equal("http://a/"u8, key.Encode(new Uri("http://a/")));
        Assert.Equal((MessageComponentType.Key, "users"), (probe.Seen.Component, probe.Seen.Topic));
        Assert.Equal(new Uri("http://a/"), key.Decode("http://a/"u8));

        Codecs.ForValue<Uri>(probe, probe, null, "users").Encode(new Uri("http://a/"));
        Assert.Equal((MessageComponentType.Value, "users"), (probe.Seen.Component, probe.Seen.Topic));
    }

    [Fact]
    public void Deserializer_that_throws_is_named_and_what_it_says_is_not_quoted()
    {
        var error = Assert.Throws<FormatException>(() => Codecs.ForKey<Uri>(null, new Probe(), "users").Decode("canary"u8));
        Assert.Null(error.InnerException);
        Assert.Contains("KeyDeserializer", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(UriFormatException), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Deserializer_that_gives_null_is_a_FormatException() =>
        Assert.Throws<FormatException>(() => Codecs.ForValue(null, new Nulls(), null, "users").Decode("x"u8));

    [Fact]
    public void Serializer_that_gives_null_is_refused_since_that_would_be_a_tombstone() =>
        Assert.Throws<InvalidOperationException>(() => Codecs.ForValue(new Nulls(), null, null, "users").Encode(new Uri("http://a/")));

    [Fact]
    public void Missing_side_of_a_type_that_is_not_built_in_names_the_option()
    {
        Codec<Uri> key = Codecs.ForKey<Uri>(new Probe(), null, "users");
        Assert.Contains(
            "KeyDeserializer", Assert.Throws<InvalidOperationException>(() => key.Decode("http://a/"u8)).Message, StringComparison.Ordinal);
        Codec<Uri> value = Codecs.ForValue<Uri>(null, new Probe(), null, "users");
        Assert.Contains(
            "ValueSerializer", Assert.Throws<InvalidOperationException>(() => value.Encode(new Uri("http://a/"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => value.TryEncode(new Uri("http://a/"), new byte[64], out _));
    }

    [Fact]
    public void Missing_side_of_a_built_in_type_is_the_built_in_one()
    {
        Codec<Guid> lenient = Codecs.ForKey(null, new AnyCaseGuid(), "users");
        var id = Guid.NewGuid();
        Assert.Equal(Encoding.UTF8.GetBytes(id.ToString()), lenient.Encode(id));
        Assert.True(lenient.TryEncode(id, new byte[36], out var written));
        Assert.Equal(36, written);
        Assert.Equal(id, lenient.Decode(Encoding.UTF8.GetBytes(id.ToString().ToUpperInvariant())));
    }

    private sealed class Probe : ISerializer<Uri>, IDeserializer<Uri>
    {
        public SerializationContext Seen { get; private set; }

        public byte[] Serialize(Uri data, SerializationContext context)
        {
            Seen = context;
            return Encoding.UTF8.GetBytes(data.ToString());
        }

        public Uri Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
        {
            Assert.False(isNull);
            var text = Encoding.UTF8.GetString(data);
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri : throw new UriFormatException(text);
        }
    }

    private sealed class Nulls : ISerializer<Uri>, IDeserializer<Uri>
    {
        public byte[] Serialize(Uri data, SerializationContext context) => null!;

        public Uri Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => null!;
    }

    private sealed class AnyCaseGuid : IDeserializer<Guid>
    {
        public Guid Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            Guid.Parse(Encoding.UTF8.GetString(data));
    }
}
