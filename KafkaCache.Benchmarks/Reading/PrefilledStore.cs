using System.Text;
using Confluent.Kafka;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>A cache on an empty topic whose store already holds the workload, as if it had been replayed. A real replay is not possible,
/// because the embedded broker keeps only 5 MiB per partition.</summary>
internal static class PrefilledStore
{
    public static KafkaCache<string, TValue> Start<TValue>(
        string bootstrapServers, string topic, int entries, int fetchWaitMs = 500, bool countsReads = true,
        string? snapshots = null)
    {
        var options = new KafkaCacheOptions<string, TValue>
        {
            BootstrapServers = bootstrapServers,
            Topic = topic,
            Consumer = new ConsumerConfig { FetchWaitMaxMs = fetchWaitMs },
            Snapshot = new SnapshotOptions { Directory = snapshots },
        };
        var cache = KafkaCache<string, TValue>.Start(options, loggerFactory: null, settings => Fill(settings, entries), countsReads);
        cache.WaitUntilReady();
        return cache;
    }

    public static FasterStateStore Fill(StoreSettings settings, int entries)
    {
        var store = new FasterStateStore(settings with { ExpectedEntries = entries });
        for (var number = 0; number < entries; number++)
            store.Set(
                Encoding.UTF8.GetBytes(Workload.Key(number)), new EntryMetadata(Workload.PartitionOf(number), Offset: 0, TimestampMs: 1),
                Workload.Value(number));
        return store;
    }
}
