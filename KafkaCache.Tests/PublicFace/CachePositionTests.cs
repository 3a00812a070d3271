using System.Globalization;

namespace KafkaCaching.Tests.PublicFace;

public sealed class CachePositionTests
{
    [Theory]
    [InlineData("3:1042", 3, 1042)]
    [InlineData("0:0", 0, 0)]
    [InlineData("2147483647:9223372036854775807", int.MaxValue, long.MaxValue)]
    public void Text_and_position_are_two_forms_of_one_thing(string text, int partition, long offset)
    {
        var position = new CachePosition(partition, offset);
        Assert.Equal(text, position.ToString());
        Assert.Equal(position, CachePosition.Parse(text, provider: null));
        Assert.Equal(position, CachePosition.Parse(text.AsSpan(), new NumberFormatInfo { NegativeSign = "3", NumberGroupSeparator = "0" }));
        Assert.True(CachePosition.TryParse(text, provider: null, out CachePosition parsed));
        Assert.Equal(position, parsed);
        Assert.True(CachePosition.TryParse($"<{text}>".AsSpan(1, text.Length), provider: null, out parsed));
        Assert.Equal(position, parsed);
    }

    [Fact]
    public void Leading_zeros_are_read() => Assert.Equal(new CachePosition(3, 42), CachePosition.Parse("03:0042", provider: null));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("3")]
    [InlineData("3:")]
    [InlineData(":1042")]
    [InlineData("3:1042:1")]
    [InlineData("-3:1042")]
    [InlineData("3:-1042")]
    [InlineData("+3:1042")]
    [InlineData("3:+1042")]
    [InlineData(" 3:1042")]
    [InlineData("3 :1042")]
    [InlineData("3:1042 ")]
    [InlineData("3:1,042")]
    [InlineData("3:1e3")]
    [InlineData("0x3:1")]
    [InlineData("2147483648:0")]
    [InlineData("0:9223372036854775808")]
    [InlineData("٣:١")]
    [InlineData("3\0:1042")]
    [InlineData("3:1042\0")]
    [InlineData("3:1042\n")]
    public void Anything_else_is_no_position(string text)
    {
        Assert.False(CachePosition.TryParse(text, provider: null, out CachePosition position));
        Assert.Equal(default, position);
        Assert.Contains(
            "partition:offset", Assert.Throws<FormatException>(() => CachePosition.Parse(text, provider: null)).Message,
            StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => CachePosition.Parse(text.AsSpan(), provider: null));
    }

    [Fact]
    public void Null_is_no_position()
    {
        Assert.False(CachePosition.TryParse(null, provider: null, out _));
        Assert.Throws<ArgumentNullException>(() => CachePosition.Parse(null!, provider: null));
    }

    [Fact]
    public void Results_and_entries_have_their_position()
    {
        Assert.Equal(new CachePosition(3, 7), new PutResult(3, 7, DateTimeOffset.UnixEpoch).Position);
        Assert.Equal(new CachePosition(3, 7), new CacheEntry<string>("v", 3, 7, DateTimeOffset.UnixEpoch).Position);
    }
}
