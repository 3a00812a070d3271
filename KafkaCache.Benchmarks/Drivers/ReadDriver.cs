using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Reading;
using static KafkaCaching.Benchmarks.Reading.ReadParts;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>What a read takes, beside a dictionary's and FASTER's own: alone, two at a time, and beside a tail.</summary>
internal static class ReadDriver
{
    public static Command Command()
    {
        var entries = CommandOptions.Count("--records", 1_000_000, "Entries to read from.");
        var rounds = CommandOptions.Rounds(100);
        var command = new Command("read", "Times reads in blocks of 20 ms that take turns, each part in a new process. Needs no Kafka.") { CommandOptions.Json, entries, rounds };
        command.SetAction(async parsed =>
        {
            var (of, on) = (parsed.GetValue(entries), parsed.GetValue(rounds));
            var users = new ReadFigures(await RunAsync(Users, of, on));
            var bytes = new ReadFigures(await RunAsync(Bytes, of, on));
            var beside = new ReadFigures(await RunAsync(BesideTail, of, on));
            var title = string.Create(CultureInfo.InvariantCulture,
                $"Reads of {of:N0} entries, hot: 256 keys, random: all; medians of {on} blocks in turns. The tail applied {beside.TailRate:N0} records/s.");
            await Report.WriteAsync(
                "read", title, TableOf(users, bytes, beside), [.. UserGoals(users), .. ByteGoals(bytes), .. TailGoals(beside)], parsed.GetValue(CommandOptions.Json),
                new { users = users.Result, bytes = bytes.Result, besideTail = beside.Result });
        });
        return command;
    }

    private static Table TableOf(ReadFigures users, ReadFigures bytes, ReadFigures beside)
    {
        var table = new Table("Contender, keys", "ns", "to the dictionary", "to raw FASTER", "B/read", "two readers scale", "CPU ns", "CPU ns beside the tail", "growth");
        foreach (var keys in new[] { "hot", "random" })
        {
            Add(table, users, keys, Dictionary, "ConcurrentDictionary<string, User>", beside);
            Add(table, users, keys, Cache, "Get of User", beside);
            Add(table, users, keys, Raw, "raw FASTER, JSON decoded", null);
            Add(table, bytes, keys, Dictionary, "ConcurrentDictionary<string, byte[]>, nothing copied", null);
            Add(table, bytes, keys, Cache, "bytes, copied", null);
            Add(table, bytes, keys, Raw, "raw FASTER, bytes copied", null);
        }

        return table;
    }

    private static void Add(Table table, ReadFigures figures, string keys, string contender, string label, ReadFigures? beside) => table.Add(
        $"{label}, {keys}",
        figures.Nanoseconds(contender, keys),
        figures.Ratio(contender, Dictionary, keys),
        figures.Ratio(contender, Raw, keys),
        figures.AllocatedBytes(contender, keys),
        figures.Scaling(contender, keys),
        beside?.CpuNanoseconds(contender, keys, besideTail: false) ?? double.NaN,
        beside?.CpuNanoseconds(contender, keys, besideTail: true) ?? double.NaN,
        beside?.TailGrowth(contender, keys) ?? double.NaN);

    private static IEnumerable<Goal> UserGoals(ReadFigures users)
    {
        yield return Goal.AtMost(1.5, "Typed Get, hot", users.Ratio(Cache, Dictionary, "hot"), "× the dictionary's");
        yield return Goal.AtMost(1.3, "Typed Get, random, instances that don't fit", users.Ratio(Cache, Raw, "random"), "× raw FASTER and one decode");
        yield return Goal.AtMost(0, "Allocated by a typed Get, hot", users.AllocatedBytes(Cache, "hot"), "B");
        yield return Goal.AtLeast(0.95, "Two readers, typed, hot", users.RelativeScaling(Cache, Dictionary, "hot"), "× as the dictionary scales");
    }

    private static IEnumerable<Goal> ByteGoals(ReadFigures bytes)
    {
        foreach (var keys in new[] { "hot", "random" })
        {
            yield return Goal.AtMost(1.25, $"Bytes, {keys}", bytes.Ratio(Cache, Raw, keys), "× raw FASTER's");
            yield return Goal.AtMost(0, $"Allocated by a read of bytes, {keys}", bytes.AllocatedBytes(Cache, keys), "B");
            yield return Goal.AtLeast(0.95, $"Two readers, bytes, {keys}", bytes.RelativeScaling(Cache, Dictionary, keys), "× as the dictionary scales");
        }
    }

    private static IEnumerable<Goal> TailGoals(ReadFigures beside)
    {
        foreach (var keys in new[] { "hot", "random" })
            yield return Goal.AtMost(1.15, $"CPU of a typed Get beside the tail, {keys}", beside.TailGrowth(Cache, keys), "× that without it");
    }
}
