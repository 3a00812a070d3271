using System.CommandLine;
using KafkaCaching.Benchmarks.Peers;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.State;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Reads of a GlobalKTable through Streamiz's queryable store. Each contender has its own process, which first restores the table
/// from a topic of a real Kafka.</summary>
internal static class StreamizReads
{
    public const string Verb = "streamiz-read-contender";
    public const string OfUser = "streamiz-user";
    public const string OfUserTimestamped = "streamiz-user-timestamped";
    public const string OfRocksDb = "streamiz-rocksdb";
    public const string OfBytes = "streamiz-bytes";

    public static readonly Option<string> Topic = new("--topic") { Required = true };

    public static IReadOnlyList<string> Names { get; } = [OfUser, OfUserTimestamped, OfRocksDb, OfBytes];

    public static string Describe(string name) => name switch
    {
        OfUser => "Streamiz, Get of User",
        OfUserTimestamped => "Streamiz, Get of User and its timestamp",
        OfRocksDb => "the same, in RocksDB",
        OfBytes => "Streamiz, Get of bytes and their timestamp",
        _ => throw new ArgumentException($"There is no contender '{name}'.", nameof(name)),
    };

    /// <summary>The command of the child process that the driver starts. It restores the entries, and then measures a block for each input
    /// line.</summary>
    public static Command ChildCommand()
    {
        var name = new Argument<string>("name");
        name.AcceptOnlyFromAmong([.. Names]);
        var entries = CommandOptions.Records();
        var command = new Command(Verb, "One contender of Streamiz, block by block.")
        {
            name, entries, CommandOptions.BootstrapServers, Topic,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            switch (parsed.GetValue(name))
            {
                case OfUser:
                    Serve(new UserSerDes(), static table => table.Query());
                    break;
                case OfUserTimestamped:
                    Serve(new UserSerDes(), static table => table.QueryTimestamped());
                    break;
                case OfRocksDb:
                    Serve(new UserSerDes(), static table => table.QueryTimestamped(), inMemory: false);
                    break;
                case OfBytes:
                    Serve(new ByteArraySerDes(), static table => table.QueryTimestamped());
                    break;
            }

            void Serve<TValue, TRead>(
                ISerDes<TValue> serdes, Func<StreamizTable<TValue>, IReadOnlyKeyValueStore<string, TRead>> query, bool inMemory = true)
                where TValue : class
                where TRead : class
            {
                var bootstrapServers = parsed.GetValue(CommandOptions.BootstrapServers)!;
                var settings = new StreamizSettings { InMemory = inMemory };
                using var table = StreamizTable<TValue>.Start(bootstrapServers, parsed.GetValue(Topic)!, serdes, settings);
                var store = query(table);
                ReadProcess.Serve(new ReadContender(() => keys => CountFound(store, keys), static () => 0), parsed.GetValue(entries));
            }
        });
        return command;
    }

    private static int CountFound<TValue>(IReadOnlyKeyValueStore<string, TValue> store, ReadOnlySpan<string> keys)
        where TValue : class
    {
        var found = 0;
        foreach (var key in keys)
            found += store.Get(key) is not null ? 1 : 0;
        return found;
    }
}
