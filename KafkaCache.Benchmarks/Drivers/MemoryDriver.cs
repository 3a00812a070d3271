using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Contenders;
using static KafkaCaching.Benchmarks.Contenders.ReplayContenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Compares the memory that a process holds after a replay with the bytes of the keys and values.</summary>
internal static class MemoryDriver
{
    private const double AllowanceMiB = 96;

    public static Command Command()
    {
        var records = CommandOptions.Records();
        var rounds = CommandOptions.Rounds(3);
        var command = new Command("memory", "Replays a topic of a real Kafka in new processes and compares their memory.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, records, rounds,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            string[] contenders = [OnRead, Dictionary, JsonDictionary];
            var results = await ReplayTurns.RunAsync(kafka, parsed.GetValue(records), parsed.GetValue(rounds), contenders);
            var payload = Workload.PayloadBytes(parsed.GetValue(records)) / ProcessMemory.MiB;
            var title = string.Create(CultureInfo.InvariantCulture,
                $"Resident memory at {parsed.GetValue(records):N0} records, {payload:0.0} MiB of keys and values, in MiB, medians of "
                + $"{parsed.GetValue(rounds)} rounds; ratios to the keys and values.");
            await Report.WriteAsync(
                "memory", title, TableOf(results, contenders, payload), Goals(results, payload), parsed.GetValue(CommandOptions.Json),
                results.Measurements);
        });
        return command;
    }

    private static Table TableOf(ReplayResults results, string[] contenders, double payload)
    {
        var table = new Table(
            "Contender", "at start", "peak", "peak ratio", "steady", "grown", "grown ratio", "store's own count", "grown / own count");
        foreach (var contender in contenders)
        {
            var peak = results.Median(contender, static one => one.PeakMiB);
            var grown = results.Median(contender, static one => one.GrowthMiB);
            var counted = results.Median(contender, static one => one.StoreMiB);
            table.Add(
                Describe(contender),
                results.Median(contender, static one => one.StartMiB),
                peak, peak / payload,
                results.Median(contender, static one => one.SteadyMiB),
                grown, grown / payload,
                counted > 0 ? counted : double.NaN, counted > 0 ? grown / counted : double.NaN);
        }

        return table;
    }

    private static IEnumerable<Goal> Goals(ReplayResults results, double payload)
    {
        yield return Goal.AtMost(
            (1.5 * payload) + AllowanceMiB, "Peak, against 1.5 × the keys and values and 96 MiB",
            results.Median(OnRead, static one => one.PeakMiB), "MiB");
        yield return Goal.AtMost(0.55, "Peak", results.Ratio(OnRead, JsonDictionary, static one => one.PeakMiB), "× the JSON dictionary's");
    }
}
