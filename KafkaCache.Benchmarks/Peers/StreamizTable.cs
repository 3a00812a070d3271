using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Crosscutting;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.State;
using Streamiz.Kafka.Net.Stream;
using Streamiz.Kafka.Net.Table;

namespace KafkaCaching.Benchmarks.Peers;

/// <summary>A topic in a GlobalKTable of Streamiz, read through Streamiz's queryable store.</summary>
internal sealed class StreamizTable<TValue> : IDisposable
    where TValue : class
{
    private const string StoreName = "entries";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly StreamizSettings _settings;
    private readonly KafkaStream _stream;
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("kafkacache-benchmark-");

    private StreamizTable(string bootstrapServers, string topic, ISerDes<TValue> serdes, StreamizSettings settings)
    {
        _settings = settings;
        var config = new StreamConfig<StringSerDes, ByteArraySerDes>
        {
            ApplicationId = _state.Name,
            BootstrapServers = bootstrapServers,
            StateDir = _state.FullName,
            Logger = NullLoggerFactory.Instance,
        };
        settings.ApplyTo(config);
        var builder = new StreamBuilder();
        var keys = new StringSerDes();
        Materialized<string, TValue, IKeyValueStore<Bytes, byte[]>> store = settings.InMemory
            ? InMemory.As<string, TValue>(StoreName)
            : RocksDb.As<string, TValue>(StoreName);
        builder.GlobalTable(topic, keys, serdes, store);
        _stream = new KafkaStream(builder.Build(), config);
    }

    /// <summary>Starts a table, and returns when it is restored and its store can be queried.</summary>
    public static StreamizTable<TValue> Start(string bootstrapServers, string topic, ISerDes<TValue> serdes, StreamizSettings settings)
    {
        var table = new StreamizTable<TValue>(bootstrapServers, topic, serdes, settings);
        try
        {
            table.WaitUntilRunning();
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>The store as Streamiz's own samples query it.</summary>
    public IReadOnlyKeyValueStore<string, TValue> Query() =>
        _stream.Store(StoreQueryParameters.FromNameAndType(StoreName, QueryableStoreTypes.KeyValueStore<string, TValue>()));

    /// <summary>The same store with timestamps. A Get makes one look-up in it, but two in the store without timestamps.</summary>
    public IReadOnlyKeyValueStore<string, ValueAndTimestamp<TValue>> QueryTimestamped() =>
        _stream.Store(StoreQueryParameters.FromNameAndType(StoreName, QueryableStoreTypes.TimestampedKeyValueStore<string, TValue>()));

    /// <summary>The exact number of entries. RocksDB only reports an estimate, so its entries are counted one by one.</summary>
    public long Count() => _settings.InMemory ? Query().ApproximateNumEntries() : Query().All().LongCount();

    public void Dispose()
    {
        _stream.Dispose();
        _state.Delete(recursive: true);
    }

    private void WaitUntilRunning()
    {
        using var running = new ManualResetEventSlim();
        _stream.StateChanged += OnStateChanged;
        _stream.StartAsync().GetAwaiter().GetResult();
        var isRunning = running.Wait(Timeout);
        _stream.StateChanged -= OnStateChanged;
        if (!isRunning)
            throw new TimeoutException($"Streamiz was not running after {Timeout.TotalMinutes:0} minutes.");

        void OnStateChanged(KafkaStream.State oldState, KafkaStream.State newState)
        {
            if (newState == KafkaStream.State.RUNNING)
                running.Set();
        }
    }
}
