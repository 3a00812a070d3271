using System.Text.Json;
using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Demo.Sample;

/// <summary>A small service of its own: three topics of an embedded broker, three caches, and routes that join them.</summary>
internal sealed class SampleShowcase : IShowcase
{
    private readonly SampleData _data;
    // The embedded broker answers a fetch only when its wait is over, records or not.
    private static readonly ConsumerConfig Prompt = new() { FetchWaitMaxMs = 10 };

    private readonly EmbeddedBroker _broker;

    private SampleShowcase(SampleData data, EmbeddedBroker broker)
    {
        _data = data;
        _broker = broker;
    }

    public bool Writable => true;

    public static async Task<IShowcase> StartAsync(CancellationToken stop)
    {
        var broker = EmbeddedBroker.Start();
        try
        {
            var data = new SampleData();
            await SampleSeeder.SeedAsync(broker, data, stop);
            return new SampleShowcase(data, broker);
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    public void AddCaches(IServiceCollection services)
    {
        services.AddKafkaCache<Guid, Organization>(SampleTopics.Organizations, options =>
        {
            options.BootstrapServers = _broker.BootstrapServers;
            options.Topic = SampleTopics.Organizations;
            options.Consumer = Prompt;
        });
        services.AddKafkaCache<Guid, User>(SampleTopics.Users, options =>
        {
            options.BootstrapServers = _broker.BootstrapServers;
            options.Topic = SampleTopics.Users;
            options.Consumer = Prompt;
            options.ReadOnly = false;
        });
        services.AddKafkaCache<Guid, Session>(SampleTopics.Sessions, options =>
        {
            options.BootstrapServers = _broker.BootstrapServers;
            options.Topic = SampleTopics.Sessions;
            options.Consumer = Prompt;
        });
    }

    public IReadOnlyList<IKafkaCache> Caches(IServiceProvider services) =>
    [
        services.GetRequiredService<IReadOnlyKafkaCache<Guid, Organization>>(),
        services.GetRequiredService<IReadOnlyKafkaCache<Guid, User>>(),
        services.GetRequiredService<IReadOnlyKafkaCache<Guid, Session>>(),
    ];

    public void MapRoutes(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        ActivatorUtilities.CreateInstance<OrganizationEndpoints>(services).Map(routes);
        ActivatorUtilities.CreateInstance<UserEndpoints>(services).Map(routes);
        ActivatorUtilities.CreateInstance<SessionEndpoints>(services).Map(routes);
    }

    public IEnumerable<string> CommandsToTry(Uri address)
    {
        var user = _data.Users[0];
        var changed = JsonSerializer.Serialize(new { user.Email, DisplayName = $"Dr. {user.DisplayName}", Groups = user.Groups.Take(1) }, JsonSerializerOptions.Web);
        yield return $"curl {new Uri(address, $"/users/{user.Id}")}";
        yield return $"curl {new Uri(address, $"/sessions/{_data.Sessions[0].Id}")}";
        yield return $"curl -X PUT '{new Uri(address, $"/users/{user.Id}?wait=applied")}' -d '{changed}'";
    }

    public ValueTask DisposeAsync()
    {
        _broker.Dispose();
        return ValueTask.CompletedTask;
    }
}
