using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Reading;
using static KafkaCaching.Benchmarks.Reading.KeySets;
using static KafkaCaching.Benchmarks.Reading.ReadContenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures how long a read takes, compared with reads of a dictionary, of FASTER and of Streamiz: alone, on two threads, and
/// while a tail is applied.</summary>
internal static class ReadDriver
{
    private static readonly string[] OfUsers =
        [UserDictionary, Get, RawDecoded, StreamizReads.OfUser, StreamizReads.OfUserTimestamped, StreamizReads.OfRocksDb];
    private static readonly string[] OfBytes = [ByteDictionary, GetBytes, RawBytes, StreamizReads.OfBytes];

    public static Command Command()
    {
        var entries = CommandOptions.Count("--records", 1_000_000, "Entries to read from.");
        var rounds = CommandOptions.Rounds(300);
        var command = new Command("read", "Times reads in blocks of 10 ms that take turns, each contender in a process of its own.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, entries, rounds,
        };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(entries), parsed.GetValue(rounds), parsed.GetValue(CommandOptions.BootstrapServers),
            parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int entries, int rounds, string? bootstrapServers, FileInfo? json)
    {
        var (alone, withoutPgo) = await AloneAsync(entries, rounds, bootstrapServers);
        var (beside, rate) = BesideTail(entries, rounds);
        var title = string.Create(CultureInfo.InvariantCulture,
            $"Reads of {entries:N0} entries, hot: 256 keys, random: all; medians of {rounds} blocks in turns. The tail applied {rate:N0} "
            + $"records/s.");
        await Report.WriteAsync(
            "read", title, TableOf(alone, withoutPgo, beside),
            [.. Goals(alone), .. TailGoals(beside), .. PeerGoals(alone, ""), .. PeerGoals(withoutPgo, ", TieredPGO=0")],
            json, new { alone, withoutPgo, beside });
    }

    /// <summary>Measures reads with .NET's default settings and with TieredPGO=0, in alternating blocks.</summary>
    private static async Task<(ReadFigures Default, ReadFigures WithoutPgo)> AloneAsync(int entries, int rounds, string? bootstrapServers)
    {
        await using var kafka = await BenchmarkKafka.OpenAsync(bootstrapServers);
        var topic = await kafka.CreateTopicAsync();
        kafka.Fill(topic, entries);
        using var turns = new ReadTurns(Start(tieredPgo: true), 1, 2);
        using var turnsWithoutPgo = new ReadTurns(Start(tieredPgo: false), 1);
        var (figures, figuresWithoutPgo) = (new List<ReadFigure>(), new List<ReadFigure>());
        for (var round = 0; round < rounds; round++)
        {
            figures.AddRange(turns.Round());
            figuresWithoutPgo.AddRange(turnsWithoutPgo.Round());
        }

        return (new ReadFigures(figures), new ReadFigures(figuresWithoutPgo));

        IEnumerable<ReadProcess> Start(bool tieredPgo) =>
        [
            .. ReadContenders.Names.Select(contender => ReadProcess.Start(contender, entries, tieredPgo)),
            .. StreamizReads.Names.Select(contender =>
                ReadProcess.StartStreamiz(contender, entries, tieredPgo, kafka.BootstrapServers, topic)),
        ];
    }

    private static (ReadFigures Figures, double Rate) BesideTail(int entries, int rounds)
    {
        using var turns = new TailTurns(entries);
        var results = Enumerable.Range(0, rounds).Select(_ => turns.Round()).ToList();
        return (
            new ReadFigures([.. results.SelectMany(static one => one.Figures)]),
            results.Select(static one => one.RecordsPerSecond).Median());
    }

    private static Table TableOf(ReadFigures alone, ReadFigures withoutPgo, ReadFigures beside)
    {
        var table = new Table(
            "Contender, keys", "ns", "to the dictionary", "to raw FASTER", "B/read", "two readers scale", "by CPU time",
            "CPU ns", "CPU ns beside the tail", "growth", "ns, TieredPGO=0", "to the dictionary, TieredPGO=0");
        foreach (var keys in KeySets.Names)
        {
            foreach (var name in (string[])[.. OfUsers, .. OfBytes])
            {
                var (dictionary, raw) = OfUsers.Contains(name) ? (UserDictionary, RawDecoded) : (ByteDictionary, RawBytes);
                var figures = name is UserDictionary or Get ? beside : null;
                table.Add(
                    $"{Describe(name)}, {keys}",
                    alone.Nanoseconds(name, keys), alone.Ratio(name, dictionary, keys), alone.Ratio(name, raw, keys),
                    alone.AllocatedBytes(name, keys), alone.Scaling(name, keys), alone.CpuScaling(name, keys),
                    figures?.CpuNanoseconds(name, keys) ?? double.NaN, figures?.CpuNanoseconds(name, keys, besideTail: true) ?? double.NaN,
                    figures?.TailGrowth(name, keys) ?? double.NaN,
                    withoutPgo.Nanoseconds(name, keys), withoutPgo.Ratio(name, dictionary, keys));
            }
        }

        return table;
    }

    private static IEnumerable<Goal> Goals(ReadFigures alone)
    {
        yield return Goal.AtMost(1.5, "Typed Get, hot", alone.Ratio(Get, UserDictionary, Hot), "× the dictionary's");
        yield return Goal.AtMost(
            1.3, "Typed Get, random, instances that don't fit", alone.Ratio(Get, RawDecoded, KeySets.Random),
            "× raw FASTER and one decode");
        yield return Goal.AtMost(0, "Allocated by a typed Get, hot", alone.AllocatedBytes(Get, Hot), "B");
        yield return Goal.AtLeast(
            0.95, "Two readers, typed, hot", alone.RelativeScaling(Get, UserDictionary, Hot), "× as the dictionary scales");
        foreach (var keys in KeySets.Names)
        {
            yield return Goal.AtMost(1.25, $"Bytes, {keys}", alone.Ratio(GetBytes, RawBytes, keys), "× raw FASTER's");
            yield return Goal.AtMost(0, $"Allocated by a read of bytes, {keys}", alone.AllocatedBytes(GetBytes, keys), "B");
            yield return Goal.AtLeast(
                0.95, $"Two readers, bytes, {keys}", alone.RelativeScaling(GetBytes, ByteDictionary, keys), "× as the dictionary scales");
        }
    }

    // The cache is compared with the faster of Streamiz's two ways to read a value.
    private static IEnumerable<Goal> PeerGoals(ReadFigures figures, string setting) => KeySets.Names.SelectMany(keys => new[]
    {
        Goal.AtMost(1, $"Typed Get, {keys}{setting}", figures.Ratio(Get, StreamizReads.OfUserTimestamped, keys), "× Streamiz's"),
        Goal.AtMost(1, $"Bytes, {keys}{setting}", figures.Ratio(GetBytes, StreamizReads.OfBytes, keys), "× Streamiz's"),
    });

    private static IEnumerable<Goal> TailGoals(ReadFigures beside) => KeySets.Names.Select(keys =>
        Goal.AtMost(1.15, $"CPU of a typed Get beside the tail, {keys}", beside.TailGrowth(Get, keys), "× that without it"));
}
