using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Putting;
using static KafkaCaching.Benchmarks.Putting.PutContenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures single puts in alternating blocks, so that a slow period of the broker affects all contenders alike. Each contender
/// has its own topic. Each round has new clients and topics, because the assignment of connections to threads of the broker affects the
/// times more than the choice of the contender.</summary>
internal static class PutDriver
{
    private const string Ratios = "ratios to ProduceAsync, or to the loop that produces and consumes, medians of each round's own.";

    public static Command Command()
    {
        var puts = CommandOptions.Count("--puts", 1_000, "How many puts of each kind in a round.");
        var rounds = CommandOptions.Rounds(12);
        var command = new Command(
            "put", "Times puts on a real Kafka, acknowledged and applied.") { CommandOptions.BootstrapServers, CommandOptions.Json, puts,
            rounds };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(puts), parsed.GetValue(rounds), parsed.GetValue(CommandOptions.BootstrapServers),
            parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int puts, int rounds, string? bootstrapServers, FileInfo? json)
    {
        await using var kafka = await BenchmarkKafka.OpenAsync(bootstrapServers);
        using var turns = new PutTurns(kafka.BootstrapServers);
        var figures = turns.Run(puts, rounds);
        var title = string.Create(CultureInfo.InvariantCulture,
            $"{puts:N0} puts of each kind a round, one at a time, in µs; medians of {rounds} rounds for each setting of .NET, in turns; "
            + $"{Ratios}");
        var measurements = new { Contenders = All.Select(static one => one.Label), figures.Default, figures.WithoutPgo };
        await Report.WriteAsync("put", title, TableOf(figures), Goals(figures), json, measurements);
    }

    private static Table TableOf(PutFigures figures)
    {
        var table = new Table("Contender", "p50", "p95", "p99", "p50 ratio", "p50, TieredPGO=0", "p50 ratio, TieredPGO=0");
        foreach (var (label, baseline) in All.Select(static one => (one.Label, one.Baseline)))
        {
            table.Add(
                label,
                figures.Quantile(label, 0.5), figures.Quantile(label, 0.95), figures.Quantile(label, 0.99), figures.Ratio(label, baseline),
                figures.Quantile(label, 0.5, tieredPgo: false), figures.Ratio(label, baseline, tieredPgo: false));
        }

        return table;
    }

    private static IEnumerable<Goal> Goals(PutFigures figures) =>
    [
        Goal.AtMost(1.05, "Acknowledged, p50", figures.Ratio(Acknowledged, Produce), "× that of ProduceAsync"),
        Goal.AtMost(1.25, "Applied, p50", figures.Ratio(Applied, ProduceAndConsume), "× that of a produce-then-consume loop"),
    ];
}
