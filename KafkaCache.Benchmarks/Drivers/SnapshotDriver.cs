using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Benchmarks.Reading;
using KafkaCaching.Benchmarks.Restarting;
using KafkaCaching.Store;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures how writing a snapshot affects a cache that applies a tail and is read, in alternating windows with and without a
/// snapshot.</summary>
internal static class SnapshotDriver
{
    private const int RecordsPerSecond = 50_000;
    private const int Beginnings = 200;
    private const long MemoryBudget = 1L << 30;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    public static Command Command()
    {
        var records = CommandOptions.Records();
        var rounds = CommandOptions.Rounds(6);
        var command = new Command("snapshot", "Follows a tail and reads, with and without a snapshot being written. Needs no Kafka.")
        {
            CommandOptions.Json, records, rounds,
        };
        command.SetAction(parsed => RunAsync(parsed.GetValue(records), parsed.GetValue(rounds), parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int entries, int rounds, FileInfo? json)
    {
        using var producer = new ChildProcess(
            TailProducer.Verb, "--records", entries.ToString(CultureInfo.InvariantCulture), "--rate",
            RecordsPerSecond.ToString(CultureInfo.InvariantCulture));
        var tail = producer.NextLine();
        var directory = Directory.CreateTempSubdirectory("kafkacache-snapshot").FullName;
        try
        {
            await using var cache = PrefilledStore.Start<byte[]>(
                tail, TailProducer.Topic, entries, fetchWaitMs: 10, snapshots: directory);
            using var reader = new PacedReader(cache, entries);
            producer.Ask("");
            SnapshotRequest.Fulfil(cache); // The first window of each kind is not counted.
            var (without, with) = (new List<Figures>(), new List<Figures>());
            for (var round = 0; round < rounds; round++)
            {
                without.Add(Measure(cache, reader, static () => Thread.Sleep(Window)));
                with.Add(Measure(cache, reader, () => SnapshotRequest.Fulfil(cache)));
            }

            producer.Ask("");
            await WriteAsync(entries, without, with, LongestBeginning(entries), cache.Status.Snapshot!, json);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Figures Measure(KafkaCache<string, byte[]> cache, PacedReader reader, Action window)
    {
        reader.Take();
        var (applied, started) = (cache.Status.RecordsApplied, Stopwatch.GetTimestamp());
        window();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var reads = reader.Take();
        return new Figures(
            (cache.Status.RecordsApplied - applied) / seconds, reads.Median(), reads.Quantile(0.99), ProcessMemory.Resident, seconds);
    }

    /// <summary>The longest time, in milliseconds, that the replay thread spends to begin a snapshot. The other work is done by the thread
    /// that writes the snapshot, or is part of the cost of a write.</summary>
    private static double LongestBeginning(int entries)
    {
        using var store = PrefilledStore.Fill(new StoreSettings(MemoryBudget, null, entries, "captured"), entries);
        var below = new long[Workload.Partitions];
        store.BeginCapture(below)!.Dispose(); // The first run includes JIT compilation.
        var longest = TimeSpan.Zero;
        for (var i = 0; i < Beginnings; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var capture = store.BeginCapture(below)!;
            var took = Stopwatch.GetElapsedTime(started);
            longest = took > longest ? took : longest;
        }

        return longest.TotalMilliseconds;
    }

    private static Task WriteAsync(
        int entries, List<Figures> without, List<Figures> with, double beginning, SnapshotStatus snapshot, FileInfo? json)
    {
        var table = new Table("Window", "records/s applied", "read p50 µs", "read p99 µs", "resident MiB", "s");
        Add(table, "without", without);
        Add(table, "while a snapshot is written", with);
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{entries:N0} entries, {RecordsPerSecond:N0} updates a second, 20,000 reads a second; {snapshot.Count} snapshots of "
            + $"{snapshot.Bytes / 1e6:0} MB, {snapshot.Aborted} given up. Medians of {with.Count} windows each, in turns.");
        Goal[] goals =
        [
            Goal.AtLeast(
                0.95, "Records applied while a snapshot is written",
                Statistics.MedianRatio(with.Select(static one => one.Applied), without.Select(static one => one.Applied)), "× without"),
            Goal.AtMost(
                1.1, "Reads, p99",
                Statistics.MedianRatio(with.Select(static one => one.P99), without.Select(static one => one.P99)), "× without"),
            Goal.AtMost(
                16, "Resident memory", with.Zip(without, static (one, other) => one.ResidentMiB - other.ResidentMiB).Median(),
                "MiB more than without"),
            Goal.AtMost(1, $"The replay thread, to begin a snapshot, longest of {Beginnings}", beginning, "ms"),
        ];
        return Report.WriteAsync("snapshot", title, table, goals, json, new { without, with, beginning });
    }

    private static void Add(Table table, string label, List<Figures> windows) => table.Add(
        label, windows.Select(static one => one.Applied).Median(), windows.Select(static one => one.P50).Median(),
        windows.Select(static one => one.P99).Median(), windows.Select(static one => one.ResidentMiB).Median(),
        windows.Select(static one => one.Seconds).Median());

    private sealed record Figures(double Applied, double P50, double P99, double ResidentMiB, double Seconds);
}
