using System.CommandLine;
using System.Text.Json;
using KafkaCaching.Benchmarks.Churning;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks.Plots;

/// <summary>Draws the results that a driver has saved with <c>--json</c>.</summary>
internal static class PlotCommand
{
    public static Command Command()
    {
        var from = new Argument<FileInfo>("json") { Description = "The file that replay or churn wrote with --json." };
        from.AcceptExistingOnly();
        var to = new Argument<FileInfo>("svg") { Description = "The drawing." };
        var command = new Command("plot", "Draws the results of replay or churn as SVG.") { from, to };
        command.SetAction(parsed =>
        {
            var json = File.ReadAllText(parsed.GetValue(from)!.FullName);
            File.WriteAllText(parsed.GetValue(to)!.FullName, Draw(json).ToString());
        });
        return command;
    }

    private static Svg Draw(string json) => Read<JsonElement>(json).Driver switch
    {
        "replay" => Replay(new ReplayResults(Read<Measurement[]>(json).Measurements)),
        "churn" => Churn(Read<ChurnRound[]>(json).Measurements),
        var driver => throw new InvalidOperationException($"There is no plot of '{driver}'; there are plots of replay and churn."),
    };

    private static Svg Replay(ReplayResults results) => Charts.Bars(
        $"Replay of {results.Measurements[0].Records:N0} records", "wall time, s", "CPU time, s",
        [
            .. ReplayContenders.Names.Where(contender => results.Has(contender)).Select(contender => (
                ReplayContenders.Describe(contender),
                results.Median(contender, static one => one.WallSeconds),
                results.Median(contender, static one => one.CpuSeconds))),
        ]);

    private static Svg Churn(ChurnRound[] rounds) => Charts.Lines(
        "Churn: memory by round, MiB", "resident memory", "keys and values",
        [.. rounds.Select(static round => (round.ResidentMiB, round.LiveMiB))]);

    private static Report<T> Read<T>(string json) => JsonSerializer.Deserialize<Report<T>>(json, Report.Json)!;
}
