using Confluent.Kafka;

namespace KafkaCaching.Tests.Replay;

/// <summary>Options of caches in tests.</summary>
internal static class TestCaches
{
    public static KafkaCacheOptions<TKey, TValue> Options<TKey, TValue>(
        string bootstrapServers, string topic, Action<KafkaCacheOptions<TKey, TValue>>? configure = null)
        where TKey : notnull
    {
        var options = new KafkaCacheOptions<TKey, TValue>
        {
            BootstrapServers = bootstrapServers,
            Topic = topic,
            ReadyTimeout = TimeSpan.FromSeconds(20),
            ApplyTimeout = TimeSpan.FromSeconds(20),
            // The embedded broker answers a fetch only after the whole wait, even if records arrive meanwhile.
            Consumer = new ConsumerConfig { FetchWaitMaxMs = 10 },
        };
        configure?.Invoke(options);
        return options;
    }

    public static KafkaCache<string, string> Start(
        string bootstrapServers, string topic, Action<KafkaCacheOptions<string, string>>? configure = null) =>
        KafkaCache.Create(Options(bootstrapServers, topic, configure));

    public static Task<KafkaCache<string, string>> ReadyAsync(
        string bootstrapServers, string topic, Action<KafkaCacheOptions<string, string>>? configure = null) =>
        Start(bootstrapServers, topic, configure).ReadyOrGoneAsync();

    /// <summary>Waits until the cache is ready. Disposes of it if that fails.</summary>
    public static async Task<KafkaCache<TKey, TValue>> ReadyOrGoneAsync<TKey, TValue>(this KafkaCache<TKey, TValue> cache)
        where TKey : notnull
    {
        try
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            return cache;
        }
        catch
        {
            await cache.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads all entries with a scan and asserts that each key occurs once and that their number is
    /// <see cref="IReadOnlyKafkaCache{TKey, TValue}.Count"/>.</summary>
    public static Dictionary<TKey, TValue> Content<TKey, TValue>(this IReadOnlyKafkaCache<TKey, TValue> cache)
        where TKey : notnull
    {
        var content = new Dictionary<TKey, TValue>();
        foreach (var (key, entry) in cache.Scan())
            content.Add(key, entry.Value);
        Assert.Equal(content.Count, cache.Count);
        return content;
    }
}
