namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>The replay of KafkaCache, from <c>Create</c> until the cache is ready.</summary>
internal static class KafkaCacheReplay
{
    // A cache creates its own store, and a small store that makes the JIT compile the store's code.
    private const int Stores = 2;

    public static Measurement Run<TValue>(ReplayRun run, DecodeMode decode, Func<TValue, byte[]> encode, TimeSpan? timeToLive = null)
        where TValue : class
    {
        KafkaCache<string, TValue>? cache = null;
        try
        {
            var measurement = Measurement.Of(run, () =>
            {
                cache = KafkaCache.Create(new KafkaCacheOptions<string, TValue>
                {
                    BootstrapServers = run.BootstrapServers,
                    Topic = run.Topic,
                    Decode = decode,
                    TimeToLive = timeToLive,
                    Store = new StoreOptions { MemoryBudget = run.MemoryBudget },
                });
                cache.WaitUntilReady();
            });
            run.CheckCount(cache!.Count);
            run.CheckValues(key => cache.Get(key) is { } value ? encode(value) : null);
            return measurement with
            {
                StoreMiB = cache.Status.MemoryBytes / ProcessMemory.MiB,
                EmptyStoresMiB = Stores * RawFaster.MeasureEmptyBytes() / ProcessMemory.MiB,
            };
        }
        finally
        {
            cache?.Dispose();
        }
    }
}
