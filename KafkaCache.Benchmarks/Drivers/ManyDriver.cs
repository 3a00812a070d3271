using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KafkaCaching.Benchmarks.Many;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures the cost of many caches of small topics in one process.</summary>
internal static class ManyDriver
{
    public static Command Command()
    {
        var caches = CommandOptions.Count("--caches", 100, "How many caches, each of a topic of its own.");
        var records = CommandOptions.Count("--topic-records", 100, "Records in each topic.");
        var seconds = CommandOptions.Count("--seconds", 20, "For how long nothing happens while the processor time is measured.");
        var rounds = CommandOptions.Rounds(3);
        var command = new Command(
            "many", "Counts what many caches of small topics of a real Kafka cost in one process: threads, memory, time. Linux only.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, caches, records, seconds, rounds,
        };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(caches), parsed.GetValue(records), parsed.GetValue(seconds), parsed.GetValue(rounds),
            parsed.GetValue(CommandOptions.BootstrapServers), parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int caches, int records, int seconds, int rounds, string? bootstrapServers, FileInfo? json)
    {
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("Threads and descriptors are counted as Linux tells them.");
        await using var kafka = await BenchmarkKafka.OpenAsync(bootstrapServers);
        var topics = new string[caches];
        for (var i = 0; i < topics.Length; i++)
            kafka.Fill(topics[i] = await kafka.CreateTopicAsync(), records);

        List<ManyMeasurement> readOnly = [], writable = [];
        for (var round = 0; round < rounds; round++)
        {
            readOnly.Add(Measure(kafka, topics, records, seconds));
            writable.Add(Measure(kafka, topics, records, seconds, "--writable"));
        }

        var table = new Table(
            $"{caches:N0} caches", "ready s", "threads", "descriptors", "resident MiB", "idle, % of a core", "Dispose of all, s");
        Add(table, "read-only", readOnly);
        Add(table, "writable, one put each", writable);
        var title = string.Create(CultureInfo.InvariantCulture,
            $"{caches:N0} caches in a process, of topics with {Workload.Partitions} partitions and {records:N0} records; idle for "
            + $"{seconds} s; disposed of one after the other; medians of {rounds} rounds.");
        await Report.WriteAsync("many", title, table, Goals(readOnly), json, new { readOnly, writable });
    }

    private static ManyMeasurement Measure(BenchmarkKafka kafka, string[] topics, int records, int seconds, params string[] more) =>
        JsonSerializer.Deserialize<ManyMeasurement>(ChildProcess.Run(
            [],
            [
                "many-child", .. topics, "--bootstrap-servers", kafka.BootstrapServers,
                "--records", records.ToString(CultureInfo.InvariantCulture), "--seconds", seconds.ToString(CultureInfo.InvariantCulture),
                .. more,
            ]))!;

    private static void Add(Table table, string label, List<ManyMeasurement> rounds) => table.Add(
        label, Median(rounds, static one => one.ReadySeconds), Median(rounds, static one => one.Threads),
        Median(rounds, static one => one.Descriptors),
        Median(rounds, static one => one.ResidentMiB), Median(rounds, static one => one.IdlePercent),
        Median(rounds, static one => one.DisposeSeconds));

    private static IEnumerable<Goal> Goals(List<ManyMeasurement> readOnly)
    {
        yield return Goal.AtMost(650, "Threads, read-only", Median(readOnly, static one => one.Threads), "");
        yield return Goal.AtMost(400, "Resident memory, read-only", Median(readOnly, static one => one.ResidentMiB), "MiB");
        yield return Goal.AtMost(8, "Idle, read-only", Median(readOnly, static one => one.IdlePercent), "% of a core");
        yield return Goal.AtMost(5, "Dispose of all, read-only", Median(readOnly, static one => one.DisposeSeconds), "s");
    }

    private static double Median(List<ManyMeasurement> rounds, Func<ManyMeasurement, double> figure) => rounds.Select(figure).Median();
}
