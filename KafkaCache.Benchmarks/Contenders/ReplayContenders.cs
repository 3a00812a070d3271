using System.CommandLine;
using System.Text.Json;
using KafkaCaching.Benchmarks.Peers;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>The contenders. Each of them replays a topic to its end once, in a separate process.</summary>
internal static class ReplayContenders
{
    public const string OnRead = "kafkacache";
    public const string OnReadWithPgo = "kafkacache-default-pgo";
    public const string Scraped = "kafkacache-scraped";
    public const string Expiring = "kafkacache-expiring";
    public const string OnReplay = "kafkacache-onreplay";
    public const string Drain = "drain";
    public const string RawUpsert = "raw-upsert";
    public const string Dictionary = "dictionary";
    public const string JsonDictionary = "json-dictionary";
    public const string StreamizInMemory = "streamiz";
    public const string StreamizInMemoryWithPgo = "streamiz-default-pgo";

    /// <summary>At the default of 1,000, the client stalls for a second whenever a partition's queue is full.</summary>
    private const int TunedBackoffMs = 5;

    private static readonly StreamizSettings TunedStreamiz = new() { QueueBackoffMs = TunedBackoffMs, FetchWaitMaxMs = 100 };

    private static readonly ReplayContender[] All =
    [
        new(OnRead, "KafkaCache, bytes decoded when read", KafkaCacheOfBytes),
        new(OnReadWithPgo, "the same with .NET's profile-guided optimization on, its default", KafkaCacheOfBytes, TieredPgo: true),
        new(Scraped, "the same, its metrics scraped ten times a second", KafkaCacheScraped),
        new(
            Expiring, "the same, each entry with a time to live",
            static run => KafkaCacheReplay.Run<byte[]>(run, DecodeMode.OnRead, static value => value, TimeSpan.FromDays(1))),
        new(
            "kafkacache-typed", "KafkaCache<string, User>, decoded when read",
            static run => KafkaCacheReplay.Run<User>(run, DecodeMode.OnRead, User.ToJson)),
        new(
            OnReplay, "KafkaCache<string, User>, every value decoded as it comes",
            static run => KafkaCacheReplay.Run<User>(run, DecodeMode.OnReplay, User.ToJson)),
        new(Drain, "librdkafka's queue drained in batches, nothing kept", RawReplay.Drain),
        new(RawUpsert, "the drain into FASTER: bytes, no metadata, no count", RawReplay.Upsert),
        new("consume", "Consume(), nothing kept", static run => RawReplay.Consume(run, TunedBackoffMs)),
        new(
            Dictionary, "Consume() into ConcurrentDictionary<string, byte[]>",
            static run => DictionaryReplay.Run(run, TunedBackoffMs, static value => value, static value => value)),
        new(
            "dictionary-untuned", "the byte dictionary, fetch.queue.backoff.ms at its default",
            static run => DictionaryReplay.Run(run, null, static value => value, static value => value)),
        new(
            JsonDictionary, "Consume(), JSON into ConcurrentDictionary<string, User>",
            static run => DictionaryReplay.Run(run, TunedBackoffMs, User.FromJson, User.ToJson)),
        new(
            "json-dictionary-untuned", "the JSON dictionary, fetch.queue.backoff.ms at its default",
            static run => DictionaryReplay.Run(run, null, User.FromJson, User.ToJson)),
        new(StreamizInMemory, "Streamiz GlobalKTable, in memory", StreamizOfMemory),
        new(StreamizInMemoryWithPgo, "the same with .NET's profile-guided optimization on", StreamizOfMemory, TieredPgo: true),
        new("streamiz-rocksdb", "Streamiz GlobalKTable, in RocksDB", StreamizOfRocksDb),
        new("streamiz-rocksdb-default-pgo", "the same with .NET's profile-guided optimization on", StreamizOfRocksDb, TieredPgo: true),
        new("streamiz-untuned", "the same, the client's settings at their defaults too", StreamizUntuned, TieredPgo: true),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(static one => one.Name)];

    /// <summary>The contenders that run by default.</summary>
    public static IReadOnlyList<string> Usual { get; } = [
        .. Names.Except([Scraped, Expiring, "kafkacache-typed", "json-dictionary-untuned"], StringComparer.Ordinal),
    ];

    /// <summary>Profile-guided optimization instruments the code, which slows a replay down, and optimizes it too late for the replay. So
    /// all contenders run without it, as docs/performance.md advises for a service that starts often, except those that show the
    /// difference.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> EnvironmentOf(string name) => RuntimeSettings.Of(Named(name).TieredPgo);

    public static string Describe(string name) => Named(name).Label;

    /// <summary>The command that a driver starts as a child: it runs one contender once, and prints its measurement as a line of
    /// JSON.</summary>
    public static Command ChildCommand()
    {
        var name = new Argument<string>("name");
        var topic = new Option<string>("--topic") { Required = true };
        var records = CommandOptions.Records();
        var command = new Command("contender", "One contender, once.") { name, topic, records, CommandOptions.BootstrapServers };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var run = new ReplayRun(
                parsed.GetValue(name)!, parsed.GetValue(CommandOptions.BootstrapServers)!, parsed.GetValue(topic)!,
                parsed.GetValue(records));
            Console.WriteLine(JsonSerializer.Serialize(Named(run.Contender).Run(run)));
        });
        return command;
    }

    private static Measurement KafkaCacheOfBytes(ReplayRun run) =>
        KafkaCacheReplay.Run<byte[]>(run, DecodeMode.OnRead, static value => value);

    private static Measurement KafkaCacheScraped(ReplayRun run)
    {
        using var scrapes = MetricScrapes.Begin();
        return KafkaCacheOfBytes(run);
    }

    private static Measurement StreamizOfMemory(ReplayRun run) => StreamizReplay.Run(run, TunedStreamiz);

    private static Measurement StreamizOfRocksDb(ReplayRun run) => StreamizReplay.Run(run, TunedStreamiz with { InMemory = false });

    private static Measurement StreamizUntuned(ReplayRun run) => StreamizReplay.Run(run, new StreamizSettings { InMemory = false });

    private static ReplayContender Named(string name) => All.First(one => one.Name == name);

    private sealed record ReplayContender(string Name, string Label, Func<ReplayRun, Measurement> Run, bool TieredPgo = false);
}
