using KafkaCaching.Demo;
using KafkaCaching.Demo.Arguments;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class ClientConfigFileTests
{
    [Fact]
    public void Properties_are_read_with_comments_blanks_and_equals_signs_in_values()
    {
        var config = ClientConfigFile.Parse("f", ["# SASL", "", "  security.protocol = SASL_SSL ", "sasl.password=a=b#c", "empty="]);

        Assert.Equal("SASL_SSL", config.Get("security.protocol"));
        Assert.Equal("a=b#c", config.Get("sasl.password"));
        Assert.Equal("", config.Get("empty"));
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("=hunter2")]
    [InlineData("Hunter 2=password")]
    [InlineData("hunter2!=x")]
    public void A_malformed_line_is_named_by_its_number_and_never_quoted(string line)
    {
        var exception = Assert.Throws<DemoException>(() => ClientConfigFile.Parse("kafka.properties", ["a=b", line]));

        Assert.Contains("line 2 of kafka.properties", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("unter", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("no/such/file", Assert.Throws<DemoException>(() => ClientConfigFile.Read("no/such/file")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_no_file() =>
        Assert.Throws<DemoException>(() => ClientConfigFile.Read(Path.GetTempPath()));
}
