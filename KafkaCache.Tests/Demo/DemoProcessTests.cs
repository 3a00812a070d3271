using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using KafkaCaching.Demo;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Demo;

/// <summary>The start and the end of the demo.</summary>
public sealed class DemoProcessTests(EmbeddedBrokerFixture broker)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FailLimit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_commands_it_prints_work_and_a_signal_ends_it_well(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix signals and a Unix shell.");
        Assert.SkipWhen(signal == "INT" && IgnoresInterrupts(), "A child of this process would ignore SIGINT, as this process does.");
        await using var demo = await DemoProcess.StartReadyAsync();

        foreach (var command in await demo.CommandsToTryAsync())
            Assert.Equal((command, 0), (command, await ShellAsync($"{command} --fail --silent | head -n 1 | grep -q .")));
        await demo.SignalAsync(signal);

        Assert.Equal(0, await demo.ExitCodeAsync(StopLimit));
        Assert.Equal("", demo.Error);
    }

    [Fact]
    public async Task A_signal_while_it_waits_for_the_brokers_ends_it_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix signals.");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var demo = DemoProcess.Start("--bootstrap-servers", silent.LocalEndpoint.ToString()!, "--topic", "t");
        using var connection = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        await demo.SignalAsync("TERM");

        Assert.Equal(0, await demo.ExitCodeAsync(StopLimit));
        Assert.Equal("", demo.Error);
    }

    [Fact]
    public void Without_arguments_it_is_the_sample_on_port_5080_of_this_machine_alone()
    {
        var command = new DemoCommand();
        var options = command.Parse([]);

        Assert.Empty(options.Errors);
        Assert.Equal((IPAddress.Loopback, 5080), (options.GetValue(command.Listen), options.GetValue(command.Port)));
        Assert.Empty(options.GetValue(command.Topics)!);
    }

    [Theory]
    [InlineData("--port", "--port", "x")]
    [InlineData("--port", "--port", "65536")]
    [InlineData("--listen", "--listen", "example.com")]
    [InlineData("--topic", "--kafka", "b:1")]
    [InlineData("--topic", "--writable")]
    [InlineData("--topic", "--create")]
    [InlineData("--client-config", "--topic", "t", "--client-config", "no/such/file")]
    [InlineData("--on-record-error", "--topic", "t", "--on-record-error", "bogus")]
    [InlineData("--bogus", "--bogus")]
    [InlineData("stray", "stray")]
    [InlineData("--bootstrap-servers", "--topic", "t", "--bootstrap-servers")]
    public void A_wrong_argument_is_an_error_that_names_the_option(string named, params string[] args) =>
        Assert.Contains(named, Assert.Single(new DemoCommand().Parse(args).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_wrong_argument_ends_it() => await AssertFailsAsync("--port", DemoProcess.Start("--port", "x"));

    [Fact]
    public async Task A_database_that_does_not_answer_ends_it() => await AssertFailsAsync(
        "127.0.0.1:1", DemoProcess.Start([], bootstrapServers: null, orders: "Host=127.0.0.1;Port=1;Username=postgres"));

    [Fact]
    public async Task A_topic_without_brokers_ends_it() => await AssertFailsAsync("BootstrapServers", DemoProcess.Start("--topic", "t"));

    [Fact]
    public async Task A_missing_topic_ends_it() => await AssertFailsAsync(
        "--create", DemoProcess.Start("--bootstrap-servers", broker.BootstrapServers, "--topic", TestKafka.UniqueTopic()));

    [Fact]
    public async Task A_topic_that_may_not_be_read_ends_it()
    {
        using var own = EmbeddedBroker.Start();
        own.SetTopicError("t", ErrorCode.TopicAuthorizationFailed);

        await AssertFailsAsync("The topic t can't be read", DemoProcess.Start("--bootstrap-servers", own.BootstrapServers, "--topic", "t"));
    }

    [Fact]
    public async Task A_broker_of_the_environment_that_can_not_be_reached_ends_it() => await AssertFailsAsync(
        "127.0.0.1:1", DemoProcess.Start(["--topic", "t"], bootstrapServers: "127.0.0.1:1"));

    [Fact]
    public async Task A_port_in_use_ends_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await AssertFailsAsync(port, DemoProcess.Start("--port", port));
    }

    [Theory]
    [InlineData("security.protocol", "sasl.username=me\nsasl.password=hunter2\nsecurity.protocol=hunter2\n")]
    [InlineData("--client-config", "sasl.username=me\nhunter2\n")]
    public async Task A_secret_in_the_client_configuration_is_never_shown(string named, string content)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
            var demo = DemoProcess.Start("--bootstrap-servers", "127.0.0.1:1", "--topic", "t", "--client-config", file);

            Assert.DoesNotContain("hunter2", await AssertFailsAsync(named, demo), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Checks that the demo ends with one line that contains the given name.</summary>
    /// <returns>The whole output.</returns>
    private static async Task<string> AssertFailsAsync(string named, DemoProcess demo)
    {
        await using var _ = demo;

        Assert.Equal(1, await demo.ExitCodeAsync(FailLimit));
        Assert.StartsWith("error: ", demo.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', demo.Error);
        Assert.Contains(named, demo.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(demo.Output, line => line.StartsWith("   at ", StringComparison.Ordinal));
        return demo.Error + string.Join('\n', demo.Output);
    }

    private static async Task<int> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { UseShellExecute = false })!;
        return await shell.ExitCodeAsync(FailLimit);
    }

    // A non-interactive shell makes background commands ignore SIGINT, as in "nohup dotnet test &".
    private static bool IgnoresInterrupts()
    {
        const string Ignored = "SigIgn:";
        const ulong Interrupt = 1 << 1;
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
            return false;
        var ignored = File.ReadLines(Status).First(static line => line.StartsWith(Ignored, StringComparison.Ordinal));
        var signals = ulong.Parse(ignored.AsSpan(Ignored.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (signals & Interrupt) != 0;
    }
}
