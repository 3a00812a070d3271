using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Demo.Sample;

/// <summary>A Kafka inside this process, with the topics of the sample as other services would have filled them.</summary>
internal static class SampleBroker
{
    private const int Partitions = 4;

    /// <summary>The settings that the broker's clients need: the broker answers a fetch only when the fetch's wait is over, with or without
    /// records, and its transaction markers have no checksum.</summary>
    public static ClientConfig Client => new(new ConsumerConfig { FetchWaitMaxMs = 10, CheckCrcs = false });

    public static async Task<EmbeddedBroker> StartAsync(SampleData data)
    {
        var broker = EmbeddedBroker.Start();
        await FillAsync(broker, "organizations", data.Organizations.ToDictionary(organization => organization.Id));
        await FillAsync(broker, "users", data.Users.ToDictionary(user => user.Id));
        await FillAsync(broker, "sessions", data.Sessions.ToDictionary(session => session.Id));
        broker.CreateTopic(Rates.Topic, Partitions);
        broker.CreateTopic(Orders.Topic, Partitions);
        foreach (var topic in new[] { Prices.Topic, "jobs", "jobs-logs", "kafkacache-leadership" })
            broker.CreateTopic(topic);
        return broker;
    }

    private static async Task FillAsync<T>(EmbeddedBroker broker, string topic, Dictionary<Guid, T> records)
        where T : class
    {
        broker.CreateTopic(topic, Partitions);
        await using var writer = KafkaCache.Create(new KafkaCacheOptions<Guid, T>
        {
            BootstrapServers = broker.BootstrapServers,
            Topic = topic,
            Name = $"{topic}-seed",
            ReadOnly = false,
        });
        foreach (var attempt in await writer.PutManyAsync(records))
        {
            if (attempt.Error is { } error)
                throw error;
        }
    }
}
