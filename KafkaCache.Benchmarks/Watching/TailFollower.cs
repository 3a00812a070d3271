using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using KafkaCaching.Benchmarks.Reading;

namespace KafkaCaching.Benchmarks.Watching;

/// <summary>A process whose cache applies a tail, with or without watchers. At each input line, it prints the number of records that it has
/// applied so far, and the processor time that it has used.</summary>
internal static class TailFollower
{
    public const string Verb = "tail-follower";
    private const int FetchWaitMs = 10;

    private static readonly Option<int> Watchers = CommandOptions.Count("--watchers", 0, "Watchers, each of which reads every change.");

    public static ChildProcess Start(int entries, string bootstrapServers, int watchers) => new(
        Verb, "--records", entries.ToString(CultureInfo.InvariantCulture), CommandOptions.BootstrapServers.Name, bootstrapServers,
        Watchers.Name, watchers.ToString(CultureInfo.InvariantCulture));

    public static Command ChildCommand()
    {
        var entries = CommandOptions.Records();
        var command = new Command(Verb, "Follows a tail.") { entries, CommandOptions.BootstrapServers, Watchers };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(entries), parsed.GetValue(CommandOptions.BootstrapServers)!, parsed.GetValue(Watchers)));
        return command;
    }

    private static async Task RunAsync(int entries, string bootstrapServers, int watchers)
    {
        await using var cache = PrefilledStore.Start<byte[]>(bootstrapServers, TailProducer.Topic, entries, FetchWaitMs);
        using var end = new CancellationTokenSource();
        TaskCompletionSource[] ready =
        [
            .. Enumerable.Range(0, watchers)
                .Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)),
        ];
        var watches = ready.Select(one => Task.Run(() => WatchAsync(cache, one, end.Token))).ToArray();
        await Task.WhenAll(ready.Select(static one => one.Task));
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync(CancellationToken.None) is not null)
        {
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(JsonSerializer.Serialize(
                new FollowerSample(cache.Status.RecordsApplied, process.TotalProcessorTime.TotalMicroseconds)));
        }

        await end.CancelAsync();
        foreach (var watch in watches)
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task WatchAsync(KafkaCache<string, byte[]> cache, TaskCompletionSource ready, CancellationToken end)
    {
        await foreach (var change in cache.WatchAsync(cancellationToken: end))
        {
            if (change.Kind == CacheChangeKind.Ready)
                ready.TrySetResult();
        }
    }
}

/// <summary>The records that a follower has applied so far, and the processor time that it has used.</summary>
internal sealed record FollowerSample(long Applied, double CpuMicroseconds)
{
    /// <summary>The microseconds of processor time per record since another sample.</summary>
    public double CpuPerRecordSince(FollowerSample before) => (CpuMicroseconds - before.CpuMicroseconds) / (Applied - before.Applied);
}
