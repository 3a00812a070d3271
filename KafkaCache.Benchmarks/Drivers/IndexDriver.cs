using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Benchmarks.Indexing;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures the cost of indexes, compared with dictionaries that a service would maintain by hand.</summary>
internal static class IndexDriver
{
    private const int LookUps = 200_000;
    private const int Updates = 200_000;
    private const int Prefixes = 1_000;

    // There are 16³ prefixes of three hexadecimal digits, so each has about 244 of a million keys.
    private const int PrefixLength = 3;

    // Storing the results here keeps the compiler from removing the look-ups.
    private static long _found;

    public static Command Command()
    {
        var records = CommandOptions.Records();
        var rounds = CommandOptions.Rounds(5);
        var command = new Command("index", "Asks an indexed store in memory, and dictionaries, and compares their memory.")
        {
            CommandOptions.Json, records, rounds,
        };
        command.SetAction(async parsed =>
            await RunAsync(parsed.GetValue(records), parsed.GetValue(rounds), parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int entries, int rounds, FileInfo? json)
    {
        var indexes = new CacheIndexes<User> { OrderKeys = true };
        var byEmail = indexes.AddUnique("email", static user => user.Email);
        var byGroup = indexes.Add("group", static user => user.Groups);
        var unordered = new CacheIndexes<User>();
        unordered.AddUnique("email", static user => user.Email);
        unordered.Add("group", static user => user.Groups);

        using var plain = new IndexedStore(entries, new CacheIndexes<User>());
        using var ordered = new IndexedStore(entries, indexes);
        using var indexed = new IndexedStore(entries, unordered);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var byHand = new HandIndex(entries);
        var handBytes = GC.GetTotalMemory(forceFullCollection: true) - before;

        List<double> find = [], hand = [], prefix = [], gets = [], update = [], plainUpdate = [];
        for (var round = 0; round < rounds; round++)
        {
            hand.Add(Time(LookUps, i => plain.Entries.TryGet(byHand.KeyOf(EmailOf(i, entries)), out _)));
            find.Add(Time(LookUps, i => _found += ordered.Index.Find(byEmail, EmailOf(i, entries)).Count()));
            prefix.Add(Time(Prefixes, i => _found += ordered.BytesIndex.ScanPrefix(PrefixOf(i)).Count()));
            gets.Add(Time(LookUps, i => ordered.Bytes.TryGet(Workload.Key(NumberOf(i, entries)), out _)) * entries / 4096);
            var updates = Enumerable.Range(0, Updates)
                .Select(i => IndexedStore.Record(NumberOf(i, entries), offset: (long)entries * (round + 1) + i)).ToArray();
            plainUpdate.Add(Time(1, _ => plain.Apply(updates)) / Updates);
            update.Add(Time(1, _ => indexed.Apply(updates)) / Updates);
        }

        GC.KeepAlive(byHand);
        GC.KeepAlive(byGroup);
        var table = new Table(
            "Contender", "indexes, B an entry", "unique look-up, µs", "prefix of 1/4096, µs", "as many Gets, µs", "update, µs");
        table.Add(
            "two indexes and keys in order", (double)ordered.IndexBytes / entries, find.Median(), prefix.Median(), gets.Median(),
            double.NaN);
        table.Add("two indexes", (double)indexed.IndexBytes / entries, double.NaN, double.NaN, double.NaN, update.Median());
        table.Add("two dictionaries, by hand", (double)handBytes / entries, hand.Median(), double.NaN, double.NaN, double.NaN);
        table.Add("no index", 0, double.NaN, double.NaN, double.NaN, plainUpdate.Median());
        Goal[] goals =
        [
            Goal.AtMost(0.6, "Memory of two indexes", (double)indexed.IndexBytes / handBytes, "× the dictionaries'"),
            Goal.AtMost(1.5, "A unique look-up", Statistics.MedianRatio(find, hand), "× a dictionary and a Get"),
            Goal.AtMost(200, "A prefix, of undecoded values", prefix.Median(), "µs"),
            Goal.AtMost(1.3, "A prefix", Statistics.MedianRatio(prefix, gets), "× as many Gets at random"),
            Goal.AtMost(1.3, "An update with unchanged terms", Statistics.MedianRatio(update, plainUpdate), "× one without indexes"),
        ];
        var title = string.Create(
            CultureInfo.InvariantCulture, $"Indexes of {entries:N0} entries, medians of {rounds} rounds in one process.");
        await Report.WriteAsync("index", title, table, goals, json, new { find, hand, prefix, gets, update, plainUpdate });
    }

    private static int NumberOf(int i, int entries) => (int)((uint)i * 2_654_435_761u % (uint)entries);

    private static string PrefixOf(int i) => Workload.Key(i)[..PrefixLength];

    private static string EmailOf(int i, int entries) => $"user{NumberOf(i, entries):D7}@example.com";

    /// <summary>The duration of one call, in microseconds.</summary>
    private static double Time(int count, Action<int> act)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            act(i);
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / count;
    }
}
