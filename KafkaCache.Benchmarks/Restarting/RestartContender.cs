using System.CommandLine;
using System.Text.Json;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks.Restarting;

/// <summary>Starts a cache once, in a process of its own, with a snapshot or without.</summary>
internal static class RestartContender
{
    /// <summary>What a driver starts as a child.</summary>
    public static Command ChildCommand()
    {
        var topic = new Option<string>("--topic") { Required = true };
        var records = CommandOptions.Records();
        var directory = new Option<string?>("--directory");
        var writes = new Option<bool>("--write");
        var warm = new Option<bool>("--warm");
        var command = new Command("restart-contender", "One start, once.")
        {
            topic, records, directory, writes, warm, CommandOptions.BootstrapServers,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var run = new ReplayRun(
                "restart", parsed.GetValue(CommandOptions.BootstrapServers)!, parsed.GetValue(topic)!, parsed.GetValue(records));
            Console.WriteLine(JsonSerializer.Serialize(
                Run(run, parsed.GetValue(directory), parsed.GetValue(warm), parsed.GetValue(writes))));
        });
        return command;
    }

    private static Started Run(ReplayRun run, string? directory, bool mustBeWarm, bool writes)
    {
        KafkaCache<string, byte[]>? cache = null;
        try
        {
            var measurement = Measurement.Of(run, () =>
            {
                cache = KafkaCache.Create(new KafkaCacheOptions<string, byte[]>
                {
                    BootstrapServers = run.BootstrapServers,
                    Topic = run.Topic,
                    Store = new StoreOptions { MemoryBudget = run.MemoryBudget },
                    Snapshot = new SnapshotOptions { Directory = directory },
                });
                cache.WaitUntilReady();
            });
            var start = cache!.Status.Start!;
            if (start.IsWarm != mustBeWarm)
                throw new InvalidOperationException($"The start was {(start.IsWarm ? "warm" : $"cold: {start.Reason}, {start.Problem}")}.");
            if (run.Records > 0)
                run.CheckCount(cache.Count);
            return new Started(
                measurement.WallSeconds, measurement.CpuSeconds, start.LoadDuration.TotalSeconds, writes ? Write(cache) : null);
        }
        finally
        {
            cache?.Dispose();
        }
    }

    private static Written Write(KafkaCache<string, byte[]> cache)
    {
        var snapshot = SnapshotRequest.Fulfil(cache);
        return new Written(snapshot.Bytes, snapshot.Duration.TotalSeconds);
    }

    internal sealed record Started(double WallSeconds, double CpuSeconds, double LoadSeconds, Written? Snapshot);

    internal sealed record Written(long Bytes, double Seconds);
}
