using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace KafkaCaching.Benchmarks.Many;

/// <summary>Measures many caches in one child process of the driver: the memory that they use when they are ready, the processor time that
/// they use while idle, and how long their disposal takes.</summary>
internal static class ManyCaches
{
    // After this time, the work of the start (connections, JIT compilation, garbage collection) should be over.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public static Command ChildCommand()
    {
        var topics = new Argument<string[]>("topics");
        var writable = new Option<bool>("--writable");
        var records = CommandOptions.Records();
        var seconds = CommandOptions.Count("--seconds", 20, "");
        var command = new Command(
            "many-child", "Many caches, once.") { topics, writable, records, seconds, CommandOptions.BootstrapServers };
        command.Hidden = true;
        command.SetAction(async parsed => Console.WriteLine(JsonSerializer.Serialize(await MeasureAsync(
            parsed.GetValue(topics)!, parsed.GetValue(CommandOptions.BootstrapServers)!, parsed.GetValue(writable),
            parsed.GetValue(records), TimeSpan.FromSeconds(parsed.GetValue(seconds))))));
        return command;
    }

    private static async Task<ManyMeasurement> MeasureAsync(
        string[] topics, string bootstrapServers, bool writable, int records, TimeSpan idle)
    {
        var clock = Stopwatch.StartNew();
        var caches = Array.ConvertAll(
            topics,
            topic =>
                KafkaCache.Create(
                    new KafkaCacheOptions<string, byte[]> { BootstrapServers = bootstrapServers, Topic = topic, ReadOnly = !writable }));
        await Task.WhenAll(caches.Select(static cache => cache.WaitUntilReadyAsync()));
        var ready = clock.Elapsed;
        if (Array.Find(caches, cache => cache.Count != records) is { } wrong)
            throw new InvalidOperationException($"{wrong.Count:N0} keys were found of {records:N0}.");
        if (writable)
            await Task.WhenAll(caches.Select(static cache => cache.PutAsync(Workload.Key(0), Workload.Value(0), PutWait.Applied)));

        await Task.Delay(Settling);
        clock.Restart();
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(idle);
        var load = (Environment.CpuUsage.TotalTime - cpu) / clock.Elapsed;
        var (threads, descriptors, memory) = (Count("task"), Count("fd"), ProcessMemory.Resident);

        clock.Restart();
        foreach (var cache in caches)
            cache.Dispose();
        return new ManyMeasurement(ready.TotalSeconds, threads, descriptors, memory, 100 * load, clock.Elapsed.TotalSeconds);
    }

    private static int Count(string of) => Directory.GetFileSystemEntries($"/proc/self/{of}").Length;
}
