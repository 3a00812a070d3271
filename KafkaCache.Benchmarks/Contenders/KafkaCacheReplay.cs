namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>The cache itself, from <c>Create</c> to ready.</summary>
internal static class KafkaCacheReplay
{
    // The cache's store, and the small store that causes the store's code to be compiled.
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
