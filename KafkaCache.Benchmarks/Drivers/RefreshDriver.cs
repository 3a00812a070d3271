using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Benchmarks.Refreshing;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures a refreshed cache in which one row in a hundred changes: how much a refresh writes, and how it affects concurrent
/// reads, both in the instance that refreshes and in one that only swaps versions.</summary>
internal static class RefreshDriver
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static Command Command()
    {
        var rows = CommandOptions.Count("--rows", 100_000, "Rows of the cache.");
        var rounds = CommandOptions.Rounds(20);
        var command = new Command("refresh", "What refreshes of one row in a hundred write, and what they cost the readers.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, rows, rounds,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            var figures = await MeasureAsync(kafka.BootstrapServers, parsed.GetValue(rows), parsed.GetValue(rounds));
            var table = new Table("Reads", "p50, ns", "p99, ns", "p99.9, ns");
            table.Add("quiet", figures.Quiet);
            table.Add("while another process is as busy as a refresh", figures.Neighbour);
            table.Add("while another instance refreshes, and this one swaps", figures.Swap);
            table.Add("while this instance refreshes", figures.Refresh);
            Goal[] goals =
            [
                Goal.AtMost(0, "Reads that failed", figures.Failed, "reads"),
                Goal.AtMost(1.2, "Reads beside a swap, p99", figures.Swap.Quantile(0.99) / figures.Quiet.Quantile(0.99), "× quiet"),
                Goal.AtMost(
                    1.2, "Reads beside a swap, p99", figures.Swap.Quantile(0.99) / figures.Neighbour.Quantile(0.99),
                    "× beside a busy process"),
                Goal.AtMost(1.1, "Bytes written where 1 % of the rows changed", 100 * figures.Each / figures.All, "% of all"),
            ];
            var title = string.Create(
                CultureInfo.InvariantCulture,
                $"{parsed.GetValue(rows):N0} rows, {parsed.GetValue(rounds)} refreshes that change 1 % by each of two instances, each "
                + $"{figures.Times.Median():F2} s (median), {figures.Each / 1024:N0} KiB of {figures.All / 1024:N0} KiB.");
            await Report.WriteAsync(
                "refresh", title, table, goals, parsed.GetValue(CommandOptions.Json), new { figures.Times, figures.Each, figures.All });
        });
        return command;
    }

    private static async Task<RefreshFigures> MeasureAsync(string bootstrapServers, int rows, int rounds)
    {
        var figures = new RefreshFigures();
        var topic = $"kafkacache-benchmark-{Guid.NewGuid():N}";

        // The first instance leads until its process ends. Then the second one leads.
        var leader = RefreshLeader.Start(bootstrapServers, topic, rows);
        await using var host = await RefreshedHost.StartAsync(bootstrapServers, topic, rows, firstRound: rounds + 1);
        using var reader = new SwapReader(host.Cache, rows);
        using (leader)
            await MeasureSwapsAsync(leader, host, reader, rounds, figures);
        while (!host.Cache.Status.IsLeader)
            await Task.Delay(Poll);
        await MeasureRefreshesAsync(host, reader, rounds, figures);
        figures.Failed = reader.Failed;
        return figures;
    }

    private static async Task MeasureSwapsAsync(
        RefreshLeader leader, RefreshedHost host, SwapReader reader, int rounds, RefreshFigures figures)
    {
        figures.All = leader.WrittenBytesSoFar();
        for (var round = 0; round < rounds; round++)
        {
            await reader.MeasureAsync(figures.Quiet, static () => Task.Delay(Quiet));
            await reader.MeasureAsync(figures.Neighbour, leader.WorkAsync);
            await reader.MeasureAsync(figures.Swap, () => host.Cache.RefreshAsync());
        }

        figures.Each = (leader.WrittenBytesSoFar() - figures.All) / (double)rounds;
    }

    private static async Task MeasureRefreshesAsync(RefreshedHost host, SwapReader reader, int rounds, RefreshFigures figures)
    {
        for (var round = 0; round < rounds; round++)
        {
            await reader.MeasureAsync(figures.Quiet, static () => Task.Delay(Quiet));
            var started = Stopwatch.GetTimestamp();
            await reader.MeasureAsync(figures.Refresh, () => host.Cache.RefreshAsync());
            figures.Times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private static void Add(this Table table, string what, Latencies reads) =>
        table.Add(what, reads.Quantile(0.5), reads.Quantile(0.99), reads.Quantile(0.999));
}
