using Confluent.Kafka;

namespace KafkaCaching.Tests.Brokers;

/// <summary>Options of a small, writable cache on a test's broker, for the test to change.</summary>
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

            // The mock cluster answers a fetch only when its wait is over, even where records have come.
            Consumer = new ConsumerConfig { FetchWaitMaxMs = 10 },
        };
}
