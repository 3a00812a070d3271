using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Churning;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Checks that a store that spills takes a bounded room on disk and that every read is correct while keys change. A store that
/// holds all in memory gets the same writes in turns.</summary>
internal static class SpillDriver
{
    private const int MemoryMiB = 256;

    public static Command Command()
    {
        var rounds = ChurnOptions.Rounds(10);
        var keys = ChurnOptions.Keys();
        var budget = CommandOptions.Count("--budget-mib", 16, "The memory budget in MiB of the store that spills.");
        var seed = ChurnOptions.Seed();
        var command = new Command(
            "spill", "Updates of random sizes and deletes of entries that are mostly on disk, under a reader that checks every read. Needs "
            + "no Kafka, but Linux.") { CommandOptions.Json, rounds, keys, budget, seed };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(rounds), parsed.GetValue(keys), parsed.GetValue(budget), parsed.GetValue(seed),
            parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int rounds, int keys, int budgetMiB, int seed, FileInfo? json)
    {
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}"));
        var entries = new ChurnEntries(keys);
        using var store = new FasterStateStore(new StoreSettings((long)budgetMiB << 20, Path.GetTempPath(), keys, "spill"));
        using var inMemory = new FasterStateStore(new StoreSettings((long)MemoryMiB << 20, SpillDirectory: null, keys, "memory"));
        var writer = new ChurnWriter(store, entries, new Random(seed));
        var memoryWriter = new ChurnWriter(inMemory, new ChurnEntries(keys), new Random(seed));
        writer.Fill();
        memoryWriter.Fill();
        var results = new List<SpillRound>();
        using (var reader = new ChurnReader(store, entries, seed + 1))
        {
            for (var round = 1; round <= rounds; round++)
            {
                var (time, inMemoryTime) = (writer.Churn(), memoryWriter.Churn());
                results.Add(new SpillRound(
                    round, store.SpilledBytes!.Value / ProcessMemory.MiB, writer.LiveBytes / ProcessMemory.MiB,
                    time.TotalNanoseconds / keys, inMemoryTime.TotalNanoseconds / keys, reader.Reads, reader.Wrong));
            }
        }

        writer.RequireCount();
        var title = string.Create(CultureInfo.InvariantCulture,
            $"Spill on {keys:N0} keys, {ChurnWriter.Description}, budget {budgetMiB:N0} MiB, seed {seed}; sizes in MiB, live: keys and "
            + $"values.");
        await Report.WriteAsync("spill", title, TableOf(results), Goals(results), json, results);
    }

    private static Table TableOf(List<SpillRound> rounds)
    {
        var table = new Table("Round", "on disk", "live", "ns/update", "ns/update in memory", "reads checked", "wrong reads");
        foreach (var one in rounds)
        {
            table.Add(
                one.Round.ToString(CultureInfo.InvariantCulture), one.OnDiskMiB, one.LiveMiB, one.NanosecondsPerUpdate,
                one.InMemoryNanosecondsPerUpdate, one.Reads, one.WrongReads);
        }

        return table;
    }

    private static IEnumerable<Goal> Goals(List<SpillRound> rounds)
    {
        yield return Goal.AtMost(
            4, "Room on disk, most", rounds.Max(static one => one.OnDiskMiB / one.LiveMiB), "× the keys and values of the live entries");
        yield return Goal.AtMost(0, "Reads", rounds[^1].WrongReads, "wrong");
    }
}
