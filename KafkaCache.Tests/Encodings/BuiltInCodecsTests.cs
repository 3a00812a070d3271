using System.Text;
using KafkaCaching.Encodings;
using Xunit;

namespace KafkaCaching.Tests.Encodings;

public sealed class BuiltInCodecsTests
{
    [Fact]
    public void Built_in_keys_are_string_Guid_int_long_and_bytes_alone()
    {
        Assert.NotNull(Codecs.BuiltInKey<string>());
        Assert.NotNull(Codecs.BuiltInKey<Guid>());
        Assert.NotNull(Codecs.BuiltInKey<int>());
        Assert.NotNull(Codecs.BuiltInKey<long>());
        Assert.NotNull(Codecs.BuiltInKey<byte[]>());
        Assert.Null(Codecs.BuiltInKey<short>());
        Assert.Null(Codecs.BuiltInKey<uint>());
        Assert.Null(Codecs.BuiltInKey<Uri>());
        Assert.Null(Codecs.BuiltInValue<Guid>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("Zoë 東京 🙂")]
    [InlineData("\uFEFFmarked")]
    public void String_is_UTF8(string value) => RoundTrips(Codecs.BuiltInKey<string>()!, value, Encoding.UTF8.GetBytes(value));

    [Fact]
    public void Guid_is_36_lower_case_characters() =>
        RoundTrips(
            Codecs.BuiltInKey<Guid>()!, new Guid("0F8FAD5B-D9CB-469F-A165-70867728950E"),
            "0f8fad5b-d9cb-469f-a165-70867728950e"u8.ToArray());

    [Theory]
    [InlineData(1, new byte[] { 0, 0, 0, 1 })]
    [InlineData(-2, new byte[] { 255, 255, 255, 254 })]
    [InlineData(int.MinValue, new byte[] { 128, 0, 0, 0 })]
    public void Int_is_big_endian(int value, byte[] bytes) => RoundTrips(Codecs.BuiltInKey<int>()!, value, bytes);

    [Theory]
    [InlineData(258L, new byte[] { 0, 0, 0, 0, 0, 0, 1, 2 })]
    [InlineData(-1L, new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 })]
    public void Long_is_big_endian(long value, byte[] bytes) => RoundTrips(Codecs.BuiltInKey<long>()!, value, bytes);

    [Fact]
    public void Bytes_are_themselves()
    {
        RoundTrips(Codecs.BuiltInKey<byte[]>()!, [1, 2, 3], [1, 2, 3]);
        RoundTrips(Codecs.BuiltInKey<byte[]>()!, [], []);
    }

    [Fact]
    public void Bytes_that_are_not_of_the_type_give_a_FormatException_without_payload()
    {
        Refuses<string>([0xC3, 0x28]);
        Refuses<string>([0xC0, 0x80]);
        Refuses<string>([0xED, 0xA0, 0x80]);
        Refuses<Guid>("0F8FAD5B-D9CB-469F-A165-70867728950E"u8);
        Refuses<Guid>("0f8fad5bd9cb469fa16570867728950e"u8);
        Refuses<Guid>("{f8fad5b-d9cb-469f-a165-70867728950}"u8);
        Refuses<Guid>("0f8fad5b-d9cb-469f-a165-70867728950e "u8);
        Refuses<Guid>("0f8fad5b-d9cb-469f-a165-70867728950x"u8);
        Refuses<Guid>([]);
        Refuses<int>([0, 0, 1]);
        Refuses<int>([0, 0, 0, 0, 1]);
        Refuses<long>([0, 0, 0, 1]);
        Refuses<long>([]);
    }

    [Fact]
    public void String_with_half_a_surrogate_pair_is_refused_without_quoting_it()
    {
        Codec<string> codec = Codecs.BuiltInKey<string>()!;
        var encode = Assert.Throws<ArgumentException>(() => codec.Encode("secret\uD800"));
        var tryEncode = Assert.Throws<ArgumentException>(() => codec.TryEncode("secret\uD800", new byte[64], out _));
        Assert.Equal(encode.Message, tryEncode.Message);
        Assert.Contains("index 6", encode.Message, StringComparison.Ordinal);
        Assert.Null(encode.InnerException);
        Assert.DoesNotContain("secret", encode.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("D800", encode.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void TryEncode_allocates_nothing()
    {
        Assert.Equal(0, Allocated("Zoë 東京"));
        Assert.Equal(0, Allocated(Guid.NewGuid()));
        Assert.Equal(0, Allocated(42));
        Assert.Equal(0, Allocated(42L));
        Assert.Equal(0, Allocated(new byte[] { 1, 2, 3 }));
    }

    private static long Allocated<T>(T value)
    {
        Codec<T> codec = Codecs.BuiltInKey<T>()!;
        Span<byte> destination = stackalloc byte[64];
        for (var i = 0; i < 100; i++)
            codec.TryEncode(value, destination, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            codec.TryEncode(value, destination, out _);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void RoundTrips<T>(Codec<T> codec, T value, byte[] bytes)
    {
        Assert.Equal(bytes, codec.Encode(value));
        Assert.Equal(value, codec.Decode(bytes));
        var destination = new byte[bytes.Length];
        Assert.True(codec.TryEncode(value, destination, out var written));
        Assert.Equal(bytes.Length, written);
        Assert.Equal(bytes, destination);
        if (bytes.Length == 0)
            return;
        Assert.False(codec.TryEncode(value, destination.AsSpan(1), out written));
        Assert.Equal(0, written);
    }

    private static void Refuses<T>(ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        var error = Assert.Throws<FormatException>(() => Codecs.BuiltInKey<T>()!.Decode(copy));
        Assert.Null(error.InnerException);
        if (copy.Length > 8)
            Assert.DoesNotContain(Encoding.Latin1.GetString(copy)[..8], error.Message, StringComparison.OrdinalIgnoreCase);
    }
}
