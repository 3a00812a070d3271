using Confluent.Kafka;

namespace KafkaCaching.Tests.Brokers;

/// <summary>Creates the options of a small, writable cache, which a test may change.</summary>
internal static class TestOptions
{
    public static KafkaCacheOptions<string, string> For(string bootstrapServers, string topic) =>
        For<string, string>(bootstrapServers, topic);

    public static KafkaCacheOptions<TKey, TValue> For<TKey, TValue>(string bootstrapServers, string topic)
        where TKey : notnull =>
        new()
        {
            BootstrapServers = bootstrapServers,
            Topic = topic,
            ReadOnly = false,
            ReadyTimeout = TimeSpan.FromSeconds(30),
            Store = { MemoryBudget = 32 << 20 },

            // The embedded broker responds to a fetch only after fetch.wait.max.ms, even if there are records.
            Consumer = new ConsumerConfig { FetchWaitMaxMs = 10 },
        };
}
