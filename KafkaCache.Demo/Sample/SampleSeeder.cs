using KafkaCaching.Testing;

namespace KafkaCaching.Demo.Sample;

/// <summary>Fills the embedded broker, as another service would have filled a real one.</summary>
internal static class SampleSeeder
{
    private const int Partitions = 4;

    public static async Task SeedAsync(EmbeddedBroker broker, SampleData data, CancellationToken stop)
    {
        await SeedAsync(broker, SampleTopics.Organizations, data.Organizations, organization => organization.Id, stop);
        await SeedAsync(broker, SampleTopics.Users, data.Users, user => user.Id, stop);
        await SeedAsync(broker, SampleTopics.Sessions, data.Sessions, session => session.Id, stop);
    }

    private static async Task SeedAsync<T>(EmbeddedBroker broker, string topic, IEnumerable<T> items, Func<T, Guid> idOf, CancellationToken stop)
        where T : class
    {
        broker.CreateTopic(topic, Partitions);
        await using var cache = KafkaCache.Create(new KafkaCacheOptions<Guid, T>
        {
            BootstrapServers = broker.BootstrapServers,
            Topic = topic,
            Name = $"{topic}-seed",
            ReadOnly = false,
        });
        var attempts = await cache.PutManyAsync(items.Select(item => KeyValuePair.Create(idOf(item), item)), cancellationToken: stop);
        if (attempts.Select(attempt => attempt.Error).FirstOrDefault(error => error is not null) is { } error)
            throw new DemoException($"The embedded broker could not be filled: {OneLine.Of(error)}");
    }
}
