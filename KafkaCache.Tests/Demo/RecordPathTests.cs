using System.Text;
using KafkaCaching.Demo.Topics;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class RecordPathTests
{
    [Theory]
    [InlineData("/topics/t/key", "key")]
    [InlineData("/topics/t/a%2Fb", "a/b")]
    [InlineData("/topics/t/a/b", "a/b")]
    [InlineData("/topics/t/a%252Fb", "a%2Fb")]
    [InlineData("/topics/t/100%25", "100%")]
    [InlineData("/topics/t/what%3F", "what?")]
    [InlineData("/topics/t/key?wait=applied", "key")]
    [InlineData("/topics/t/", "")]
    [InlineData("/topics/t//a//", "/a//")]
    [InlineData("/topics/t/a/../b", "a/../b")]
    [InlineData("/topics/t/%2E%2E", "..")]
    [InlineData("/topics/t/../..", "../..")]
    [InlineData("/topics/t/a+b%20c", "a+b c")]
    [InlineData("/topics/t/%C3%A9%E2%82%AC", "é€")]
    [InlineData("/topics/t/a%0Ab", "a\nb")]
    [InlineData("/Topics/t/key", "key")]
    [InlineData("http://localhost:5080/topics/t/key", "key")]
    public void The_key_is_what_was_sent(string target, string key)
    {
        Assert.True(RecordPath.TryParse(target, out var path));
        Assert.Equal("t", path?.Topic);
        Assert.Equal(key, Encoding.UTF8.GetString(path!.Key));
    }

    [Fact]
    public void Every_byte_can_be_written()
    {
        var key = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        Assert.True(RecordPath.TryParse("/topics/t/" + string.Concat(key.Select(b => $"%{b:x2}")), out var path));
        Assert.Equal(key, path?.Key);
    }

    [Theory]
    [InlineData("/topics/t/100%")]
    [InlineData("/topics/t/%4")]
    [InlineData("/topics/t/%zz")]
    [InlineData("/topics/%/key")]
    public void Broken_percent_encoding_is_no_path(string target)
    {
        Assert.True(RecordPath.TryParse(target, out var path));
        Assert.Null(path);
    }

    [Theory]
    [InlineData("/topics")]
    [InlineData("/topics/t")]
    [InlineData("/topics/t?x=/y")]
    [InlineData("/users/t/key")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("http://localhost")]
    [InlineData("/x/../topics/t/key")]
    public void Other_targets_are_left_to_routing(string target) =>
        Assert.False(RecordPath.TryParse(target, out _));
}
