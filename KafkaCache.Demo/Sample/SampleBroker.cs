using KafkaCaching.Testing;

namespace KafkaCaching.Demo.Sample;

/// <summary>A Kafka inside this process, with the topics of the sample as other services would have filled them.</summary>
internal static class SampleBroker
{
    private const int Partitions = 4;

    public static async Task<EmbeddedBroker> StartAsync(SampleData data)
    {
        var broker = EmbeddedBroker.Start();
        await FillAsync(broker, "organizations", data.Organizations.ToDictionary(organization => organization.Id));
        await FillAsync(broker, "users", data.Users.ToDictionary(user => user.Id));
        await FillAsync(broker, "sessions", data.Sessions.ToDictionary(session => session.Id));
        broker.CreateTopic(Rates.Topic, Partitions);
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
