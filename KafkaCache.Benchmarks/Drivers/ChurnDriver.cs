using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Churning;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Checks that memory remains constant and every read is correct while keys change. It uses only the store, created as in a cache,
/// in this process.</summary>
internal static class ChurnDriver
{
    public static Command Command()
    {
        var rounds = ChurnOptions.Rounds(20);
        var keys = ChurnOptions.Keys();
        var budget = CommandOptions.Count(
            "--budget-mib", 128, "The store's memory budget in MiB. The smaller, the sooner the log is copied forward.");
        var seed = ChurnOptions.Seed();
        var command = new Command(
            "churn", "Updates of random sizes and deletes under a reader that checks every read. Needs no Kafka.") { CommandOptions.Json,
            rounds, keys, budget, seed };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(rounds), parsed.GetValue(keys), parsed.GetValue(budget), parsed.GetValue(seed),
            parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int rounds, int keys, int budgetMiB, int seed, FileInfo? json)
    {
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}"));
        var entries = new ChurnEntries(keys);
        using var store = new FasterStateStore(new StoreSettings((long)budgetMiB << 20, SpillDirectory: null, keys, "churn"));
        var writer = new ChurnWriter(store, entries, new Random(seed));
        writer.Fill();
        var results = new List<ChurnRound> { Look(0, TimeSpan.Zero, 0, 0) };
        using (var reader = new ChurnReader(store, entries, seed + 1))
        {
            for (var round = 1; round <= rounds; round++)
                results.Add(Look(round, writer.Churn(), reader.Reads, reader.Wrong));
        }

        writer.RequireCount();
        var title = string.Create(CultureInfo.InvariantCulture,
            $"Churn on {keys:N0} keys, {ChurnWriter.Description}, budget {budgetMiB:N0} MiB, seed {seed}; memory in MiB, live: keys and "
            + $"values.");
        await Report.WriteAsync("churn", title, TableOf(results), Goals(results), json, results);

        ChurnRound Look(int round, TimeSpan time, long reads, long wrong) => new(
            round, ProcessMemory.Resident, store.MemoryBytes / ProcessMemory.MiB, writer.LiveBytes / ProcessMemory.MiB,
            store.CopyForwardBytes / ProcessMemory.MiB,
            time.TotalNanoseconds / keys, reads, wrong);
    }

    private static Table TableOf(List<ChurnRound> rounds)
    {
        var table = new Table(
            "Round", "resident", "log and index", "live", "passed by copying forward", "ns/update", "reads checked", "wrong reads");
        foreach (var one in rounds)
        {
            table.Add(
                one.Round.ToString(CultureInfo.InvariantCulture),
                one.ResidentMiB, one.StoreMiB, one.LiveMiB, one.CopyForwardMiB, one.NanosecondsPerUpdate, one.Reads, one.WrongReads);
        }

        return table;
    }

    private static IEnumerable<Goal> Goals(List<ChurnRound> rounds)
    {
        double[] resident = [.. rounds.SkipWhile(static one => one.CopyForwardMiB == 0).Select(static one => one.ResidentMiB)];
        if (resident is not [])
            yield return Goal.AtMost(
                1.1, "Resident memory from the round in which copying forward first runs, highest", resident.Max() / resident.Min(),
                "× the lowest");
        yield return Goal.AtMost(0, "Reads", rounds[^1].WrongReads, "wrong");
    }
}
