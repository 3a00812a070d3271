using System.Buffers;
using System.Collections.Concurrent;
using System.CommandLine;
using FASTER.core;
using KafkaCaching.Benchmarks.Contenders;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The kinds of reads that are compared, each in a separate process.</summary>
internal static class ReadContenders
{
    public const string Verb = "read-contender";
    public const string UserDictionary = "user-dictionary";
    public const string Get = "get";
    public const string GetUncounted = "get-uncounted";
    public const string RawDecoded = "raw-decoded";
    public const string ByteDictionary = "byte-dictionary";
    public const string GetBytes = "get-bytes";
    public const string GetBytesUncounted = "get-bytes-uncounted";
    public const string RawBytes = "raw-bytes";

    // The embedded broker responds to a fetch only after fetch.wait.max.ms, whereas Kafka responds as soon as there is a record. With a
    // long wait, a tail would arrive in bursts. Without a tail, a long wait minimizes the work of the client.
    private const int TailFetchWaitMs = 10;
    private const int QuietFetchWaitMs = 500;

    public static IReadOnlyList<string> Names { get; } = [UserDictionary, Get, RawDecoded, ByteDictionary, GetBytes, RawBytes];

    public static string Describe(string name) => name switch
    {
        UserDictionary => "ConcurrentDictionary<string, User>",
        Get => "Get of User",
        GetUncounted => "Get of User, not counted",
        RawDecoded => "raw FASTER, copied and decoded",
        ByteDictionary => "ConcurrentDictionary<string, byte[]>, not copied",
        GetBytes => "bytes, copied",
        GetBytesUncounted => "bytes, copied, not counted",
        RawBytes => "raw FASTER, copied",
        _ => StreamizReads.Describe(name),
    };

    /// <summary>The command of the child process that the driver starts. It fills the store, and then measures a block for each input
    /// line.</summary>
    public static Command ChildCommand()
    {
        var name = new Argument<string>("name");
        var entries = CommandOptions.Records();
        var command = new Command(Verb, "One contender, block by block.") { name, entries, CommandOptions.BootstrapServers };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var bootstrapServers = parsed.GetValue(CommandOptions.BootstrapServers);
            var count = parsed.GetValue(entries);
            using var quiet = bootstrapServers is null ? EmbeddedBroker.Start() : null;
            quiet?.CreateTopic(TailProducer.Topic, Workload.Partitions);
            var contender = quiet is null
                ? Open(parsed.GetValue(name)!, count, bootstrapServers!, TailFetchWaitMs)
                : Open(parsed.GetValue(name)!, count, quiet.BootstrapServers, QuietFetchWaitMs);
            ReadProcess.Serve(contender, count);
        });
        return command;
    }

    private static ReadContender Open(string name, int entries, string bootstrapServers, int fetchWaitMs) => name switch
    {
        UserDictionary => OfDictionary(entries, static number => User.FromJson(Workload.Value(number))),
        Get or GetUncounted => OfCache<User>(entries, bootstrapServers, fetchWaitMs, name == Get, static cache => keys =>
        {
            var found = 0;
            foreach (var key in keys)
                found += cache.Get(key) is not null ? 1 : 0;
            return found;
        }),
        RawDecoded => OfFaster(entries, static session => keys =>
        {
            var found = 0;
            foreach (var key in keys)
                found += session.TryRead(key, out var value) && User.FromJson(value) is not null ? 1 : 0;
            return found;
        }),
        ByteDictionary => OfDictionary(entries, Workload.Value),
        GetBytes or GetBytesUncounted => OfCache<byte[]>(entries, bootstrapServers, fetchWaitMs, name == GetBytes, OpenBytes),
        RawBytes => OfFaster(entries, static session => keys =>
        {
            var found = 0;
            foreach (var key in keys)
                found += session.TryRead(key, out _) ? 1 : 0;
            return found;
        }),
        _ => throw new ArgumentException(Describe(name), nameof(name)),
    };

    private static SliceReader OpenBytes(KafkaCache<string, byte[]> cache)
    {
        var destination = new ArrayBufferWriter<byte>(1_024);
        return keys =>
        {
            var found = 0;
            foreach (var key in keys)
            {
                destination.ResetWrittenCount();
                found += cache.TryGetBytes(key, destination) ? 1 : 0;
            }

            return found;
        };
    }

    private static ReadContender OfDictionary<TValue>(int entries, Func<int, TValue> value)
    {
        var dictionary = new ConcurrentDictionary<string, TValue>(StringComparer.Ordinal);
        for (var number = 0; number < entries; number++)
            dictionary[Workload.Key(number)] = value(number);
        return new ReadContender(() => Read, static () => 0);

        int Read(ReadOnlySpan<string> keys)
        {
            var found = 0;
            foreach (var key in keys)
                found += dictionary.TryGetValue(key, out _) ? 1 : 0;
            return found;
        }
    }

    private static ReadContender OfCache<TValue>(
        int entries, string bootstrapServers, int fetchWaitMs, bool countsReads, Func<KafkaCache<string, TValue>, SliceReader> open)
    {
        var cache = PrefilledStore.Start<TValue>(bootstrapServers, TailProducer.Topic, entries, fetchWaitMs, countsReads);
        return new ReadContender(() => open(cache), () => cache.Status.RecordsApplied);
    }

    private static ReadContender OfFaster(int entries, Func<RawFaster.Session, SliceReader> open)
    {
        var store = new RawFaster(entries, ConcurrencyControlMode.LockTable);
        var session = store.NewSession();
        for (var number = 0; number < entries; number++)
            session.Upsert(System.Text.Encoding.UTF8.GetBytes(Workload.Key(number)), Workload.Value(number));
        return new ReadContender(() => open(store.NewSession()), static () => 0);
    }
}
