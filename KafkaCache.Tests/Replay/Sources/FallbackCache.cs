using KafkaCaching.Diagnostics;
using KafkaCaching.Generations;
using KafkaCaching.Generations.Supervision;
using KafkaCaching.Options;
using KafkaCaching.Parts;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Snapshots;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Spill;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay.Applying;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>A cache that can't reach librdkafka's queue. Only its consumer differs from that of a normal cache.</summary>
internal sealed class FallbackCache : IDisposable
{
    private readonly CacheParts<byte[], byte[]> _parts;
    private readonly Supervisor _supervisor;

    private FallbackCache(KafkaCacheOptions<byte[], byte[]> options, ILogger logger)
    {
        _parts = CacheParts<byte[], byte[]>.Of(options, CheckedOptions.Of(options).Take(), loggerFactory: null, createStore: null);
        var (topic, clients) = (_parts.Context.Topic, TestClients.Of(_parts));
        var replay = new ReplayParts(
            OpenTopic: () => new TopicClient(clients, topic),
            OpenSource: (_, from) => RecordSources.Open(
                UnreachableHandle.Of(clients.Consumer(from.Count)), topic, from, withHeaders: false, logger),
            CloseSource: clients.Ends.Begin,
            CreateStore: records => new FasterStateStore(
                new StoreSettings(options.Store.MemoryBudget, SpillDirectory: null, records, topic)),
            CreateInstances: static () => null,
            CreateIndexer: static _ => null,
            CreateApplier: static (store, _) => new ByteApplier(store),
            Traced: TracedApplies.Of(topic, logger));
        var recordErrors = new RecordErrorSettlement(topic, options.OnRecordError, logger, _parts.Context.Time);
        _supervisor = new Supervisor(
            replay, new SupervisorSettings(topic, topic, options.StaleAfter, _parts.Context.Time)
            {
                Snapshots = SnapshotSettings.Of(options),
            }, _parts.Replay.State, _parts.Replay.Waiters, _parts.Replay.Changes,
            recordErrors, logger);
        _supervisor.Start();
    }

    public CacheStatus Status => _parts.Replay.Status.Snapshot();

    public long Count => _parts.Reads.Entries.Count;

    public StartStatus? Start => _supervisor.StartStatus;

    public static async Task<FallbackCache> ReadyAsync(
        string bootstrapServers, string topic, ILogger logger, Action<KafkaCacheOptions<byte[], byte[]>>? configure = null)
    {
        var options = TestCaches.Options(bootstrapServers, topic, configure);
        var cache = new FallbackCache(options, logger);
        try
        {
            await cache._parts.Replay.State.Ready.Task.WaitAsync(options.ReadyTimeout, TestContext.Current.CancellationToken);
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    public IEnumerable<KeyValuePair<byte[], CacheEntry<byte[]>>> Scan() => _parts.Reads.Entries.Scan();

    public void Dispose()
    {
        _parts.Replay.State.Stop();
        _supervisor.Dispose();
        _parts.Context.Transport.Dispose();
    }
}
