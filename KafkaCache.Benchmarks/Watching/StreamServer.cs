using System.CommandLine;
using System.Text.Json;
using KafkaCaching.Benchmarks.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Benchmarks.Watching;

/// <summary>A service, in a separate process, that sends the changes of a tail as server-sent events. It first prints its address, and
/// then, at each input line, a sample of its state.</summary>
internal static class StreamServer
{
    public const string Verb = "stream-server";
    public const string Path = "/watch";

    public static Command ChildCommand()
    {
        var command = new Command(Verb, "Sends the changes of a tail.") { CommandOptions.BootstrapServers };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(CommandOptions.BootstrapServers)!));
        return command;
    }

    private static async Task RunAsync(string bootstrapServers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKafkaCache<string, byte[]>("tail", options =>
        {
            options.BootstrapServers = bootstrapServers;
            options.Topic = TailProducer.Topic;
        });
        await using var app = builder.Build();
        app.MapKafkaCacheWatch<string, byte[]>(Path);
        await app.StartAsync();
        var cache = app.Services.GetRequiredService<IReadOnlyKafkaCache<string, byte[]>>();
        Console.WriteLine(app.Urls.Single());
        while (await Console.In.ReadLineAsync() is not null)
        {
            var status = cache.Status;
            var lag = status.Partitions.Sum(static partition => partition.Lag);
            Console.WriteLine(JsonSerializer.Serialize(
                new StreamSample(status.Watchers, status.PendingChanges, lag, status.RecordsApplied, ProcessMemory.Resident)));
        }
    }
}

/// <summary>A sample of the service's state.</summary>
internal sealed record StreamSample(int Watchers, long PendingChanges, long Lag, long Applied, double ResidentMiB);
