using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Contenders;
using static KafkaCaching.Benchmarks.Contenders.ReplayContenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures how fast each contender replays a topic.</summary>
internal static class ReplayDriver
{
    public static Command Command()
    {
        var records = CommandOptions.Records();
        var rounds = CommandOptions.Rounds(6);
        var contenders = new Option<string[]>("--contenders")
        {
            Description = "Which take part.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = static _ => [.. Usual],
        };
        contenders.AcceptOnlyFromAmong([.. Names]);
        var command = new Command("replay", "Replays a topic of a real Kafka, each time in a new process.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, records, rounds, contenders,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            var taking = parsed.GetValue(contenders)!;
            var results = await ReplayTurns.RunAsync(kafka, parsed.GetValue(records), parsed.GetValue(rounds), taking);
            var baseline = taking.Contains(Dictionary) ? Dictionary : taking[^1];
            var title = string.Create(CultureInfo.InvariantCulture,
                $"Replay of {parsed.GetValue(records):N0} records, medians of {parsed.GetValue(rounds)} rounds in turns; ratios to "
                + $"'{Describe(baseline)}', medians of each round's own.");
            await Report.WriteAsync(
                "replay", title, TableOf(results, taking, baseline), Goals(results), parsed.GetValue(CommandOptions.Json),
                results.Measurements);
        });
        return command;
    }

    private static Table TableOf(ReplayResults results, string[] contenders, string baseline)
    {
        var table = new Table(
            "Contender", "wall s", "wall ratio", "CPU s", "CPU ratio", "B/record", "beside the store", "GCs", "gen 2", "pause ms",
            "peak MiB", "peak ratio");
        foreach (var contender in contenders)
        {
            table.Add(
                Describe(contender),
                results.Median(contender, Wall), results.Ratio(contender, baseline, Wall),
                results.Median(contender, Cpu), results.Ratio(contender, baseline, Cpu),
                results.Median(contender, static one => one.AllocatedBytesPerRecord),
                results.Median(contender, BesideStore),
                results.Median(contender, static one => one.Collections),
                results.Median(contender, static one => one.FullCollections),
                results.Median(contender, static one => one.PauseMs),
                results.Median(contender, Peak), results.Ratio(contender, baseline, Peak));
        }

        return table;
    }

    private static IEnumerable<Goal> Goals(ReplayResults results)
    {
        if (results.Has(OnRead, Drain))
            yield return Goal.AtMost(1.5, "Wall time, decoded when read", results.Ratio(OnRead, Drain, Wall), "× the drain's");
        if (results.Has(OnRead))
            yield return Goal.AtMost(
                8, "Allocated beside the store's own pages, decoded when read", results.Median(OnRead, BesideStore), "B a record");
        if (results.Has(OnRead, RawUpsert))
            yield return Goal.AtMost(
                1.2, "CPU time, decoded when read", results.Ratio(OnRead, RawUpsert, Cpu), "× that of the drain into a bare FASTER");
        if (results.Has(OnRead, Dictionary))
            yield return Goal.AtLeast(
                2.5, "Speed, decoded when read", results.Ratio(Dictionary, OnRead, Wall), "× the tuned byte dictionary's");
        if (results.Has(OnReplay, JsonDictionary))
            yield return Goal.AtLeast(
                1.3, "Speed, every value decoded as it comes", results.Ratio(JsonDictionary, OnReplay, Wall),
                "× the tuned JSON dictionary's");
        if (results.Has(OnRead, StreamizInMemory))
            yield return Goal.AtLeast(
                1, "Speed, decoded when read", results.Ratio(StreamizInMemory, OnRead, Wall), "× that of Streamiz in memory");
        if (results.Has(Expiring, OnRead))
            yield return Goal.AtMost(1.05, "Wall time, each entry with a time to live", results.Ratio(Expiring, OnRead, Wall), "× without");
        if (results.Has(OnReadWithPgo, StreamizInMemoryWithPgo))
        {
            yield return Goal.AtLeast(
                1, "Speed, decoded when read, .NET's default settings", results.Ratio(StreamizInMemoryWithPgo, OnReadWithPgo, Wall),
                "× that of Streamiz in memory");
        }
    }

    private static double Wall(Measurement one) => one.WallSeconds;

    private static double Cpu(Measurement one) => one.CpuSeconds;

    private static double Peak(Measurement one) => one.PeakMiB;

    private static double BesideStore(Measurement one) => one.AllocatedBesideStore;
}
