using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Leadership;

/// <summary>The code of a child process, which runs this test of this assembly. It takes part in an election, and writes while it is the
/// leader. It prints its events. It shuts down gracefully when it reads a line or gets SIGTERM. See <see cref="LeaderProcess"/>.</summary>
public sealed class ChildLeader
{
    public const string ServersVariable = "KAFKACACHE_TEST_LEADER_SERVERS";
    public const string TopicVariable = "KAFKACACHE_TEST_LEADER_TOPIC";
    public const string NameVariable = "KAFKACACHE_TEST_LEADER_NAME";

    private readonly string? _servers = Environment.GetEnvironmentVariable(ServersVariable);
    private readonly string _topic = Environment.GetEnvironmentVariable(TopicVariable) ?? "";
    private readonly string _name = Environment.GetEnvironmentVariable(NameVariable) ?? "";

    [Fact(Explicit = true)]
    public async Task Run()
    {
        Assert.SkipWhen(_servers is null, "Only for processes that another test starts.");
        using var log = LoggerFactory.Create(static log => log.AddSimpleConsole(static console => console.SingleLine = true));
        await using var leadership = KafkaLeadership.Campaign(
            new LeadershipOptions { BootstrapServers = _servers, Name = _topic, Topic = $"{_topic}-election" }, log);
        using var stop = new CancellationTokenSource();
        var terminated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            terminated.TrySetResult();
        });
        var leading = LeadAsync(leadership, stop.Token);
        Tell("ready", 0);

        // Even asynchronous reads of the console block.
        await Task.WhenAny(Task.Run(Console.In.ReadLine, TestContext.Current.CancellationToken), terminated.Task);
        await stop.CancelAsync();
        await leading;
    }

    private async Task LeadAsync(KafkaLeadership leadership, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var term = await leadership.WaitForLeadershipAsync(stop);
                Tell("leader", leadership.Status.TermsBegun);
                await WriteAsync(stop);
            }
            catch (FencedException)
            {
                Tell("refused", 0);
            }
            catch (PutException failed)
            {
                // The brokers are unavailable. As long as the process leads, it starts over.
                Console.WriteLine($"failed {failed.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    // The writer deliberately ignores the loss of its term, so that only fencing stops it.
    private async Task WriteAsync(CancellationToken stop)
    {
        await using var writer = await FencedWriter.FenceAsync(
            new FencedWriterOptions
            {
                BootstrapServers = _servers, Topic = _topic, Id = $"{_topic}.writer", BarrierValue = Encoding.UTF8.GetBytes(_name),
            },
            cancellationToken: stop);
        Tell("fenced", writer.Token);
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_name}:{number}"));
            await writer.WriteAsync([new FencedRecord("k"u8.ToArray(), value), new FencedRecord("l"u8.ToArray(), value)], stop);
            if (number == 0)
                Tell("written", 0);
        }
    }

    private static void Tell(string what, long number) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {number}"));
}
