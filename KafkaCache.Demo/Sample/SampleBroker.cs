using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Demo.Sample;

/// <summary>An embedded broker with the topics of the sample, filled as if by other services.</summary>
internal static class SampleBroker
{
    private const int Partitions = 4;

    /// <summary>The settings that clients of the embedded broker need: the broker responds to a fetch only after <c>fetch.wait.max.ms</c>,
    /// with or without records, and its transaction markers have no checksum.</summary>
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
