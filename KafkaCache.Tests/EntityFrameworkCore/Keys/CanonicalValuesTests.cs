using System.Buffers;
using KafkaCaching.EntityFrameworkCore.Keys;

namespace KafkaCaching.Tests.EntityFrameworkCore.Keys;

public sealed class CanonicalValuesTests
{
    [Fact]
    public void Texts_with_different_halves_of_a_surrogate_pair_have_different_keys()
    {
        Assert.NotEqual(BytesOf("\uD800"), BytesOf("\uD801"));
        Assert.NotEqual(BytesOf("\uD800"), BytesOf("\uFFFD"));
        Assert.NotEqual(BytesOf('\uD800'), BytesOf('\uDC00'));
        Assert.Equal(BytesOf("\uD83D\uDE00"), BytesOf("\uD83D\uDE00"));
    }

    // Two such arrays may have the same items in the same order.
    [Fact]
    public void An_array_of_several_dimensions_can_not_be_part_of_a_key() =>
        Assert.False(CanonicalValues.TryWrite(new ArrayBufferWriter<byte>(), new int[2, 1]));

    private static string BytesOf(object value)
    {
        var target = new ArrayBufferWriter<byte>();
        Assert.True(CanonicalValues.TryWrite(target, value));
        return Convert.ToHexString(target.WrittenSpan);
    }
}
