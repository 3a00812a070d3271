using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks.Restarting;

/// <summary>Starts a cache once, in a separate process, with or without a snapshot.</summary>
internal static class RestartContender
{
    private const int Reads = 200;

    /// <summary>The command that a driver starts as a child.</summary>
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
            var clock = Stopwatch.StartNew();
            var ready = TimeSpan.Zero;
            double[] reads = [];
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
                ready = clock.Elapsed;
                reads = ReadsFromFile(cache, run.Records);
                _ = cache.Count; // Waits until all entries are in memory.
            });
            var start = cache!.Status.Start!;
            if (start.IsWarm != mustBeWarm)
                throw new InvalidOperationException($"The start was {(start.IsWarm ? "warm" : $"cold: {start.Reason}, {start.Problem}")}.");
            if (run.Records > 0)
                run.CheckCount(cache.Count);
            return new Started(
                ready.TotalSeconds, measurement.WallSeconds, measurement.CpuSeconds, reads, writes ? Write(cache) : null);
        }
        finally
        {
            cache?.Dispose();
        }
    }

    private static double[] ReadsFromFile(KafkaCache<string, byte[]> cache, int records)
    {
        var microseconds = new List<double>();
        var random = new Random(1);
        while (microseconds.Count < Reads && cache.Status.Start is { IsLoading: true })
        {
            var before = Stopwatch.GetTimestamp();
            if (cache.Get(Workload.Key(random.Next(records))) is null)
                throw new InvalidOperationException("A key was missing.");
            microseconds.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
        }

        return [.. microseconds];
    }

    private static Written Write(KafkaCache<string, byte[]> cache)
    {
        var snapshot = SnapshotRequest.Fulfil(cache);
        return new Written(snapshot.Bytes, snapshot.Duration.TotalSeconds);
    }

    /// <param name="ReadySeconds">The time until the cache was ready.</param>
    /// <param name="WholeSeconds">The time until all entries were in memory too.</param>
    /// <param name="CpuSeconds">The processor time until all entries were in memory.</param>
    /// <param name="ReadMicroseconds">The durations of the reads between these two times.</param>
    /// <param name="Snapshot">The snapshot that was written afterwards, if any.</param>
    internal sealed record Started(
        double ReadySeconds, double WholeSeconds, double CpuSeconds, double[] ReadMicroseconds, Written? Snapshot);

    internal sealed record Written(long Bytes, double Seconds);
}
