using KafkaCaching.Demo;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class OneLineTests
{
    [Theory]
    [InlineData("a\r\nb\n", "a b")]
    [InlineData("\u001b[31mred", "[31mred")]
    [InlineData("plain", "plain")]
    public void Control_characters_never_reach_the_terminal(string text, string expected) =>
        Assert.Equal(expected, OneLine.Of(text));

    [Fact]
    public void A_cause_is_added_unless_it_is_only_repeated()
    {
        var cause = new InvalidOperationException("The disk is full.");

        Assert.Equal("It failed. (The disk is full.)", OneLine.Of(new InvalidOperationException("It failed.", cause)));
        Assert.Equal("It failed: The disk is full.", OneLine.Of(new InvalidOperationException("It failed: The disk is full.", cause)));
    }
}
