using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Demo;

public sealed class DemoProcessTests(EmbeddedBrokerFixture broker)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FailLimit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_commands_it_prints_work_and_a_signal_ends_it_well(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix signals and a Unix shell.");
        await using var demo = DemoProcess.Start("--port", "0");
        await demo.WaitForLineAsync("  curl", count: 3);

        var commands = demo.Output.Where(line => line.StartsWith("  curl", StringComparison.Ordinal)).ToArray();
        foreach (var command in commands)
            Assert.Equal((command, 0), (command, await ShellAsync(command + " --fail --silent --show-error")));
        await demo.SignalAsync(signal);

        Assert.Equal(0, await demo.ExitCodeAsync(StopLimit));
        Assert.Equal(3, commands.Length);
        Assert.Equal("", demo.Error);
    }

    [Fact]
    public async Task An_interrupt_ends_a_demo_that_a_script_started_in_the_background()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix signals and a Unix shell.");
        await using var demo = DemoProcess.StartInBackground("--port", "0");
        await demo.WaitForLineAsync("  curl", count: 3);

        await demo.SignalAsync("INT");

        Assert.Equal(0, await demo.ExitCodeAsync(StopLimit));
    }

    [Fact]
    public async Task A_signal_while_it_waits_for_the_brokers_ends_it_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix signals.");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var demo = DemoProcess.Start("--kafka", silent.LocalEndpoint.ToString()!, "--topic", "t");
        using var connection = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        await demo.SignalAsync("TERM");

        Assert.Equal(0, await demo.ExitCodeAsync(StopLimit));
        Assert.Equal("", demo.Error);
    }

    [Fact]
    public async Task A_bad_argument_is_one_line_and_exit_code_2() => await AssertFailsAsync(2, "--port", "--port", "x");

    [Fact]
    public async Task A_missing_topic_is_one_line_and_exit_code_1() =>
        await AssertFailsAsync(1, "--create", "--kafka", broker.BootstrapServers, "--topic", TestKafka.UniqueTopic());

    [Fact]
    public async Task An_unreachable_broker_is_one_line_and_exit_code_1() =>
        await AssertFailsAsync(1, "127.0.0.1:1", "--kafka", "127.0.0.1:1", "--topic", "t");

    [Fact]
    public async Task A_port_in_use_is_one_line_and_exit_code_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await AssertFailsAsync(1, port, "--port", port, "--kafka", broker.BootstrapServers, "--topic", broker.CreateTopic());
    }

    [Fact]
    public async Task A_secret_in_the_client_configuration_is_never_shown()
    {
        const string Secret = "hunter2-canary";
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"sasl.username=me\nsasl.password={Secret}\nsecurity.protocol={Secret}\n", TestContext.Current.CancellationToken);

            var shown = await AssertFailsAsync(2, "security.protocol", "--kafka", "127.0.0.1:1", "--topic", "t", "--client-config", file);

            Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> AssertFailsAsync(int exitCode, string named, params string[] args)
    {
        await using var demo = DemoProcess.Start(args);
        var code = await demo.ExitCodeAsync(FailLimit);

        Assert.Equal(exitCode, code);
        Assert.StartsWith("error: ", demo.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', demo.Error);
        Assert.Contains(named, demo.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(demo.Output, line => line.Contains("rror", StringComparison.Ordinal) || line.Contains("xception", StringComparison.Ordinal));
        return demo.Error + string.Join('\n', demo.Output);
    }

    private static async Task<int> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command + " >/dev/null"]) { UseShellExecute = false })!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return shell.ExitCode;
    }
}
