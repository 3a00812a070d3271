using System.Text;
using KafkaCaching.Demo.Topics;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class JsonTextTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":[1,2.5e3,null,true],"é":"\u00e9"}""")]
    [InlineData(" \n[1]\n ")]
    [InlineData("\"text\"")]
    [InlineData("-1")]
    [InlineData("null")]
    public void One_JSON_value_is_JSON(string text) => Assert.True(JsonText.IsJson(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("truth")]
    [InlineData("01")]
    [InlineData("<p>")]
    [InlineData("\uFEFF{}")]
    public void All_else_is_not(string text) => Assert.False(JsonText.IsJson(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_not_UTF8_are_not_JSON() => Assert.False(JsonText.IsJson([(byte)'"', 0xff, (byte)'"']));

    [Fact]
    public void A_schema_registry_prefix_is_not_JSON() => Assert.False(JsonText.IsJson([0, 0, 0, 0, 7, (byte)'{', (byte)'}']));

    [Fact]
    public void Nesting_without_end_is_refused_and_not_followed() =>
        Assert.False(JsonText.IsJson(Encoding.UTF8.GetBytes(new string('[', 100_000) + new string(']', 100_000))));
}
