using KafkaCaching.Benchmarks.Peers;

namespace KafkaCaching.Benchmarks.Putting;

/// <summary>The clients of one round, each with its own topic.</summary>
internal sealed class PutClients : IAsyncDisposable
{
    private PutClients(KafkaCache<string, byte[]> cache, RawPuts raw, StreamizPuts eager, StreamizPuts unset)
    {
        Cache = cache;
        Raw = raw;
        StreamizEager = eager;
        StreamizUnset = unset;
    }

    public KafkaCache<string, byte[]> Cache { get; }

    public RawPuts Raw { get; }

    /// <summary>Streamiz, set up to apply each record as it arrives. By default, Streamiz collects records for 100 ms.</summary>
    public StreamizPuts StreamizEager { get; }

    public StreamizPuts StreamizUnset { get; }

    public static async Task<PutClients> OpenAsync(BenchmarkKafka kafka)
    {
        var cache = KafkaCache.Create(new KafkaCacheOptions<string, byte[]>
        {
            BootstrapServers = kafka.BootstrapServers,
            Topic = await kafka.CreateTopicAsync(),
            ReadOnly = false,
        });
        await cache.WaitUntilReadyAsync();
        return new PutClients(
            cache,
            new RawPuts(kafka.BootstrapServers, await kafka.CreateTopicAsync()),
            new StreamizPuts(kafka.BootstrapServers, await kafka.CreateTopicAsync(), new StreamizSettings { MaxPollRecords = 1 }),
            new StreamizPuts(kafka.BootstrapServers, await kafka.CreateTopicAsync(), new StreamizSettings()));
    }

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        Raw.Dispose();
        StreamizEager.Dispose();
        StreamizUnset.Dispose();
    }
}
