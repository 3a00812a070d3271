using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Contenders;
using KafkaCaching.Benchmarks.Reading;
using static KafkaCaching.Benchmarks.Reading.ReadContenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures the cost of metrics: reads with and without counting, and replays with and without scrapes.</summary>
internal static class MetricsDriver
{
    private const int Entries = 1_000_000;
    private const int ReadBlocksPerRound = 10;

    private static readonly string[] Counted = [Get, GetUncounted, GetBytes, GetBytesUncounted];
    private static readonly string[] Replays = [ReplayContenders.OnRead, ReplayContenders.Scraped];

    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(20);
        var records = CommandOptions.Records();
        var command = new Command("metrics", "Times reads and replays with metrics on and off, in turns, each in a process of its own.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, records, rounds,
        };
        command.SetAction(async parsed =>
        {
            var reads = Reads(parsed.GetValue(rounds) * ReadBlocksPerRound);
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            var replays = await ReplayTurns.RunAsync(kafka, parsed.GetValue(records), parsed.GetValue(rounds), Replays);
            var title = string.Create(CultureInfo.InvariantCulture,
                $"Metrics on and off: reads of {Entries:N0} entries in ns, replays of {parsed.GetValue(records):N0} records in s; medians "
                + $"of {parsed.GetValue(rounds)} rounds in turns.");
            await Report.WriteAsync(
                "metrics", title, TableOf(reads, replays), Goals(reads, replays), parsed.GetValue(CommandOptions.Json),
                new { reads, replays.Measurements });
        });
        return command;
    }

    private static ReadFigures Reads(int blocks)
    {
        using var turns = new ReadTurns(Counted.Select(static contender => ReadProcess.Start(contender, Entries)), 1);
        return new ReadFigures([.. Enumerable.Range(0, blocks).SelectMany(_ => turns.Round())]);
    }

    private static Table TableOf(ReadFigures reads, ReplayResults replays)
    {
        var table = new Table("What", "off", "on", "difference", "ratio");
        foreach (var (on, off) in new[] { (Get, GetUncounted), (GetBytes, GetBytesUncounted) })
        {
            foreach (var keys in KeySets.Names)
                table.Add(
                    $"{Describe(on)}, {keys}, ns", reads.Nanoseconds(off, keys), reads.Nanoseconds(on, keys),
                    reads.Difference(on, off, keys), reads.Ratio(on, off, keys));
        }

        AddReplay(table, replays, "Replay, wall s", static one => one.WallSeconds);
        AddReplay(table, replays, "Replay, CPU s", static one => one.CpuSeconds);
        return table;
    }

    private static void AddReplay(Table table, ReplayResults replays, string label, Func<Measurement, double> figure)
    {
        var (off, on) = (replays.Median(ReplayContenders.OnRead, figure), replays.Median(ReplayContenders.Scraped, figure));
        table.Add(label, off, on, on - off, replays.Ratio(ReplayContenders.Scraped, ReplayContenders.OnRead, figure));
    }

    private static IEnumerable<Goal> Goals(ReadFigures reads, ReplayResults replays)
    {
        // Only the hot keys are compared. For random keys, the different memory layouts of a million entries in two processes cause
        // differences of tens of nanoseconds.
        yield return Goal.AtMost(5, "Counting a typed Get, hot", reads.Difference(Get, GetUncounted, KeySets.Hot), "ns");
        yield return Goal.AtMost(5, "Counting a read of bytes, hot", reads.Difference(GetBytes, GetBytesUncounted, KeySets.Hot), "ns");
        yield return Goal.AtMost(
            1.03, "Replay scraped ten times a second, wall",
            replays.Ratio(ReplayContenders.Scraped, ReplayContenders.OnRead, static one => one.WallSeconds), "× one that isn't");
        yield return Goal.AtMost(
            1.03, "Replay scraped ten times a second, CPU",
            replays.Ratio(ReplayContenders.Scraped, ReplayContenders.OnRead, static one => one.CpuSeconds), "× one that isn't");
    }
}
