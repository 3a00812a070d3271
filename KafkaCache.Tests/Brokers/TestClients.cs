using KafkaCaching.Clients;
using KafkaCaching.Options;

namespace KafkaCaching.Tests.Brokers;

/// <summary>The Kafka clients of a cache without the cache.</summary>
internal static class TestClients
{
    public static KafkaClients Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        CheckedOptions.Of(options).Take();
}
