using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>The code of a child process, which runs this test of this assembly. The process is a pod with a relay. It prints when it begins
/// to relay, and shuts down gracefully when it reads a line.</summary>
public sealed class ChildRelay
{
    public const string ServersVariable = "KAFKACACHE_TEST_RELAY_SERVERS";
    public const string TopicVariable = "KAFKACACHE_TEST_RELAY_TOPIC";
    public const string DatabaseVariable = "KAFKACACHE_TEST_RELAY_DATABASE";
    public const string SlotVariable = "KAFKACACHE_TEST_RELAY_SLOT";

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var servers = Environment.GetEnvironmentVariable(ServersVariable);
        Assert.SkipWhen(servers is null, "Only for processes that another test starts.");
        var (topic, slot) = (Environment.GetEnvironmentVariable(TopicVariable)!, Environment.GetEnvironmentVariable(SlotVariable)!);
        var database = Environment.GetEnvironmentVariable(DatabaseVariable);
        await using var host = await RelayHost.StartAsync(
            servers!, topic, options => options.UseNpgsql(database), cache => cache.InvalidateFromPostgres<ShopContext>(relay =>
            {
                (relay.Slot, relay.Publication, relay.ElectionTopic) = (slot, slot, $"{topic}-election");
                relay.ProbeInterval = TimeSpan.FromSeconds(1);
            }));
        Console.WriteLine("ready 0");
        var ended = Task.Run(Console.In.ReadLine);
        var relays = false;
        while (!ended.IsCompleted)
        {
            if (host.Relay.Counts.Probes > 0 != relays)
                Console.WriteLine((relays = !relays) ? "relays 0" : "stopped 0");
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken));
        }
    }
}
