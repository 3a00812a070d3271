using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Contenders;
using static KafkaCaching.Benchmarks.Contenders.ReplayContenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Checks that the time per record and the memory per entry do not depend on the number of records and entries.</summary>
internal static class ScaleDriver
{
    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(3);
        var sizes = new Option<int[]>("--sizes")
        {
            Description = "Records in the topics, ascending; the goals compare the last with the one before.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = static _ => [100_000, 1_000_000, 10_000_000],
        };
        var command = new Command("scale", "Replays topics of growing size. Each is freed before the next is filled.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, rounds, sizes,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            var table = new Table(
                "Records, contender", "wall s", "CPU s", "CPU µs/record", "peak MiB", "grown MiB", "grown B/entry", "store MiB",
                "store B/entry");
            var all = new List<ReplayResults>();
            foreach (var records in parsed.GetValue(sizes)!)
            {
                var results = await ReplayTurns.RunAsync(kafka, records, parsed.GetValue(rounds), [OnRead, Drain]);
                all.Add(results);
                AddRow(
                    table, records, OnRead, results,
                    results.Median(OnRead, static one => one.GrowthMiB), results.Median(OnRead, Growth),
                    results.Median(OnRead, static one => one.StoreMiB), results.Median(OnRead, Store));
                AddRow(table, records, Drain, results, double.NaN, double.NaN, double.NaN, double.NaN);
            }

            await Report.WriteAsync(
                "scale",
                $"Replay by size, medians of {parsed.GetValue(rounds)} rounds. Grown: resident memory after a collection, less that at the "
                + $"start.",

                table, all is [.., var smaller, var largest] ? Goals(largest, smaller) : [], parsed.GetValue(CommandOptions.Json),
                all.SelectMany(static one => one.Measurements));
        });
        return command;
    }

    private static void AddRow(Table table, int records, string contender, ReplayResults results, params ReadOnlySpan<double> held) =>
        table.Add(
        string.Create(CultureInfo.InvariantCulture, $"{records:N0}, {Describe(contender)}"),
        [
            results.Median(contender, static one => one.WallSeconds),
            results.Median(contender, static one => one.CpuSeconds),
            results.Median(contender, Cpu),
            results.Median(contender, static one => one.PeakMiB),
            .. held,
        ]);

    private static IEnumerable<Goal> Goals(ReplayResults largest, ReplayResults smaller)
    {
        yield return Goal.AtMost(1.35, "CPU time a record", Ratio(Cpu), "× that at the size before");
        yield return Goal.AtMost(1.15, "Memory an entry, by the process's growth", Ratio(Growth), "× that at the size before");
        yield return Goal.AtMost(1.15, "Memory an entry, by the store's own count", Ratio(Store), "× that at the size before");

        // The goal is for the difference between two sizes, because the one-time allocations of a cache do not depend on the number of
        // records.
        yield return Goal.AtMost(
            8, "Allocated beside the store by each record more",
            (BesideStore(largest) - BesideStore(smaller)) / (Records(largest) - Records(smaller)), "B");

        double Ratio(Func<Measurement, double> figure) => largest.Median(OnRead, figure) / smaller.Median(OnRead, figure);
    }

    private static double BesideStore(ReplayResults results) =>
        results.Median(OnRead, static one => one.AllocatedBesideStore * one.Records);

    private static double Records(ReplayResults results) => results.Median(OnRead, static one => one.Records);

    private static double Cpu(Measurement one) => one.CpuMicrosecondsPerRecord;

    private static double Growth(Measurement one) => one.GrowthPerRecord;

    private static double Store(Measurement one) => one.StorePerRecord;
}
