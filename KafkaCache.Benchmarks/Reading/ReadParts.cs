using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FASTER.core;
using KafkaCaching.Benchmarks.Contenders;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>What one part measured. <paramref name="TailRecordsPerSecond"/> is what was applied meanwhile, round by round.</summary>
internal sealed record ReadResult(IReadOnlyList<ReadFigure> Figures, IReadOnlyList<double> TailRecordsPerSecond);

/// <summary>The parts of the read driver, each in a process of its own, so that code is compiled for what it reads and memory holds no other's entries.</summary>
internal static class ReadParts
{
    public const string Users = "users";
    public const string Bytes = "bytes";
    public const string BesideTail = "tail";

    public const string Dictionary = "ConcurrentDictionary";
    public const string Cache = "KafkaCache";
    public const string Raw = "raw FASTER";

    private const int TailRate = 50_000;

    // The embedded broker answers a fetch when its time is out, where Kafka answers at the first record: without this, a tail would come in gusts.
    private const int TailFetchWaitMs = 10;

    public static async Task<ReadResult> RunAsync(string part, int entries, int rounds) => JsonSerializer.Deserialize<ReadResult>(await ChildProcess.RunAsync(
        "read-part", part, "--records", entries.ToString(CultureInfo.InvariantCulture), "--rounds", rounds.ToString(CultureInfo.InvariantCulture)))!;

    public static Command ChildCommand()
    {
        var part = new Argument<string>("part");
        var entries = CommandOptions.Records();
        var rounds = CommandOptions.Rounds(1);
        var command = new Command("read-part", "One part of the read driver.") { part, entries, rounds };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            var (of, on) = (parsed.GetValue(entries), parsed.GetValue(rounds));
            var result = parsed.GetValue(part) switch
            {
                Users => ReadUsers(of, on),
                Bytes => ReadBytes(of, on),
                BesideTail => await ReadBesideTailAsync(of, on),
                _ => throw new InvalidOperationException("There is no such part of the read driver."),
            };
            Console.WriteLine(JsonSerializer.Serialize(result));
        });
        return command;
    }

    private static ReadResult ReadUsers(int entries, int rounds)
    {
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic(TailProducer.Topic, Workload.Partitions);
        using var cache = PrefilledStore.Start<User>(broker.BootstrapServers, TailProducer.Topic, entries);
        var turns = new ReadTurns(entries, [1, 2], [DictionaryOfUsers(entries), TypedGet(cache), RawAndDecode(entries)]);
        return Run(turns, rounds);
    }

    private static ReadResult ReadBytes(int entries, int rounds)
    {
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic(TailProducer.Topic, Workload.Partitions);
        using var cache = PrefilledStore.Start<byte[]>(broker.BootstrapServers, TailProducer.Topic, entries);
        var turns = new ReadTurns(entries, [1, 2], [DictionaryOfBytes(entries), ByteRead(cache), RawBytes(entries)]);
        return Run(turns, rounds);
    }

    // The dictionary, which nobody updates, tells what the tail's processes take from any reader on this machine.
    private static async Task<ReadResult> ReadBesideTailAsync(int entries, int rounds)
    {
        using var tail = new Tail(TailProducer.Start(entries, TailRate));
        using var cache = PrefilledStore.Start<User>(tail.BootstrapServers, TailProducer.Topic, entries, TailFetchWaitMs);
        var turns = new ReadTurns(entries, [1], [DictionaryOfUsers(entries), TypedGet(cache)]);
        var figures = new List<ReadFigure>();
        var rates = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            figures.AddRange(turns.Round(besideTail: false));
            await tail.BeginAsync(Applied, TailRate / 10);
            var (before, start) = (Applied(), Stopwatch.GetTimestamp());
            figures.AddRange(turns.Round(besideTail: true));
            rates.Add((Applied() - before) / Stopwatch.GetElapsedTime(start).TotalSeconds);
            await tail.PauseAsync(Applied);
        }

        return new ReadResult(figures, rates);

        long Applied() => cache.Status.RecordsApplied;
    }

    private static ReadResult Run(ReadTurns turns, int rounds) =>
        new([.. Enumerable.Range(0, rounds).SelectMany(_ => turns.Round(besideTail: false))], []);

    private static ReadContender DictionaryOfUsers(int entries) => OfDictionary(entries, static number => User.FromJson(Workload.Value(number)));

    private static ReadContender DictionaryOfBytes(int entries) => OfDictionary(entries, Workload.Value);

    private static ReadContender OfDictionary<TValue>(int entries, Func<int, TValue> value)
    {
        var dictionary = new ConcurrentDictionary<string, TValue>(StringComparer.Ordinal);
        for (var number = 0; number < entries; number++)
            dictionary[Workload.Key(number)] = value(number);
        return new ReadContender(Dictionary, () => keys =>
        {
            var found = 0;
            foreach (var key in keys)
                found += dictionary.TryGetValue(key, out _) ? 1 : 0;
            return found;
        });
    }

    private static ReadContender TypedGet(KafkaCache<string, User> cache) => new(Cache, () => keys =>
    {
        var found = 0;
        foreach (var key in keys)
            found += cache.Get(key) is not null ? 1 : 0;
        return found;
    });

    private static ReadContender ByteRead(KafkaCache<string, byte[]> cache) => new(Cache, () => keys =>
    {
        var found = 0;
        foreach (var key in keys)
            found += cache.TryGetEntry(key, out _) ? 1 : 0;
        return found;
    });

    private static ReadContender RawBytes(int entries)
    {
        var store = FilledRaw(entries);
        return new ReadContender(Raw, () =>
        {
            var session = store.NewSession();
            return keys =>
            {
                var found = 0;
                foreach (var key in keys)
                    found += session.TryRead(key, out _) ? 1 : 0;
                return found;
            };
        });
    }

    private static ReadContender RawAndDecode(int entries)
    {
        var store = FilledRaw(entries);
        return new ReadContender(Raw, () =>
        {
            var session = store.NewSession();
            return keys =>
            {
                var found = 0;
                foreach (var key in keys)
                    found += session.TryRead(key, out var value) && User.FromJson(value) is not null ? 1 : 0;
                return found;
            };
        });
    }

    private static RawFaster FilledRaw(int entries)
    {
        var store = new RawFaster(entries, ConcurrencyControlMode.LockTable);
        var session = store.NewSession();
        for (var number = 0; number < entries; number++)
            session.Upsert(System.Text.Encoding.UTF8.GetBytes(Workload.Key(number)), Workload.Value(number));
        return store;
    }
}
