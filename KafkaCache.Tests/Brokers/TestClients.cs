using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Options;
using KafkaCaching.Parts;
using KafkaCaching.Transports;

namespace KafkaCaching.Tests.Brokers;

/// <summary>Creates the Kafka clients of a cache, for tests without a cache.</summary>
internal static class TestClients
{
    public static KafkaClients Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        ((KafkaTransport)CheckedOptions.Of(options).Take()).Clients;

    public static KafkaClients Of<TKey, TValue>(CacheParts<TKey, TValue> cache)
        where TKey : notnull =>
        ((KafkaTransport)cache.Context.Transport).Clients;

    public static IConsumer<byte[]?, byte[]?> Consumer(this KafkaClients clients, int partitions) =>
        clients.TryConsumer(partitions, static _ => { }) ?? throw new InvalidOperationException(clients.LastProblem);
}
