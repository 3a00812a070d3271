using System.Net;
using KafkaCaching.Demo;
using KafkaCaching.Demo.Arguments;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class DemoCommandTests
{
    [Fact]
    public void No_arguments_mean_the_sample_on_port_5080_of_this_machine_alone() =>
        Assert.Equal(new DemoArguments(IPAddress.Loopback, 5080, Topics: null), Parse());

    [Fact]
    public void Topics_are_read_only_unless_told()
    {
        var topics = Parse("--kafka", "broker:9092", "--topic", "a", "--topic", "b", "--topic", "a").Topics;

        Assert.NotNull(topics);
        Assert.Equal("broker:9092", topics.Client.BootstrapServers);
        Assert.Equal(["a", "b"], topics.Names);
        Assert.False(topics.Writable);
        Assert.False(topics.Create);
    }

    [Fact]
    public void Every_option_reaches_its_place()
    {
        var arguments = Parse("--kafka", "b:1", "--topic", "t", "--writable", "--create", "--port", "0", "--listen", "::");

        Assert.Equal((IPAddress.IPv6Any, 0), (arguments.Listen, arguments.Port));
        Assert.Equal((true, true), (arguments.Topics!.Writable, arguments.Topics.Create));
    }

    [Theory]
    [InlineData("--port", "--port", "x")]
    [InlineData("--port", "--port", "65536")]
    [InlineData("--port", "--port", "-1")]
    [InlineData("--listen", "--listen", "example.com")]
    [InlineData("--topic", "--kafka", "b:1")]
    [InlineData("--kafka", "--topic", "t")]
    [InlineData("--topic", "--writable")]
    [InlineData("--topic", "--read-only")]
    [InlineData("--topic", "--create")]
    [InlineData("--topic", "--client-config", "some.properties")]
    [InlineData("--topic", "--kafka", "b:1", "--topic", "not/legal")]
    [InlineData("--topic", "--kafka", "b:1", "--topic", "..")]
    [InlineData("--read-only", "--kafka", "b:1", "--topic", "t", "--writable", "--read-only")]
    [InlineData("--client-config", "--kafka", "b:1", "--topic", "t", "--client-config", "no/such/file")]
    [InlineData("--on-record-error", "--kafka", "b:1", "--topic", "t", "--on-record-error", "bogus")]
    [InlineData("--bogus", "--bogus")]
    [InlineData("stray", "stray")]
    [InlineData("--kafka", "--topic", "t", "--kafka")]
    public void A_bad_argument_is_one_line_that_names_the_option(string named, params string[] args)
    {
        var exception = Assert.Throws<DemoException>(() => Parse(args));

        Assert.Equal(DemoException.BadArguments, exception.ExitCode);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Help_is_written_and_nothing_is_run()
    {
        using var output = new StringWriter();

        Assert.Null(DemoCommand.Parse(["--help"], bootstrapServers: null, output));
        Assert.Contains("--client-config", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_names_the_brokers_where_no_option_does()
    {
        var fromEnvironment = DemoCommand.Parse(["--topic", "t"], "env:9092", TextWriter.Null);
        var fromOption = DemoCommand.Parse(["--topic", "t", "--kafka", "option:9092"], "env:9092", TextWriter.Null);

        Assert.Equal("env:9092", fromEnvironment?.Topics?.Client.BootstrapServers);
        Assert.Equal("option:9092", fromOption?.Topics?.Client.BootstrapServers);
        Assert.Null(DemoCommand.Parse([], "env:9092", TextWriter.Null)?.Topics);
    }

    private static DemoArguments Parse(params string[] args) =>
        DemoCommand.Parse(args, bootstrapServers: null, TextWriter.Null) ?? throw new InvalidOperationException("Help, not arguments.");
}
