using System.Diagnostics.Metrics;
using System.Text.Json;
using KafkaCaching.Testing;

namespace KafkaCaching.Demo.Sample;

/// <summary>A small service of its own: three topics of an embedded broker, three caches, and routes that join them.</summary>
internal sealed partial class SampleShowcase : IShowcase
{
    private readonly SampleData _data;
    private readonly EmbeddedBroker _broker;
    private readonly KafkaCache<Guid, Organization> _organizations;
    private readonly KafkaCache<Guid, User> _users;
    private readonly KafkaCache<Guid, Session> _sessions;
    private readonly ILogger _logger;

    private SampleShowcase(SampleData data, EmbeddedBroker broker, ILoggerFactory loggers, IMeterFactory meters)
    {
        _data = data;
        _broker = broker;
        _logger = loggers.CreateLogger("KafkaCache.Demo");
        _organizations = KafkaCache.Create(Options<Organization>(SampleTopics.Organizations), loggers);
        _users = KafkaCache.Create(Options<User>(SampleTopics.Users, readOnly: false), loggers);
        _sessions = KafkaCache.Create(Options<Session>(SampleTopics.Sessions), loggers);
        Caches = [ServedCache.Of(_organizations), ServedCache.Of(_users), ServedCache.Of(_sessions)];

        KafkaCacheOptions<Guid, T> Options<T>(string topic, bool readOnly = true) => new()
        {
            BootstrapServers = broker.BootstrapServers,
            Topic = topic,
            ReadOnly = readOnly,
            MeterFactory = meters,
        };
    }

    public IReadOnlyList<ServedCache> Caches { get; }

    public bool Writable => true;

    public static async Task<IShowcase> StartAsync(ILoggerFactory loggers, IMeterFactory meters, CancellationToken stop)
    {
        var broker = EmbeddedBroker.Start();
        try
        {
            var data = new SampleData();
            await SampleSeeder.SeedAsync(broker, data, stop);
            return new SampleShowcase(data, broker, loggers, meters);
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    public void MapRoutes(IEndpointRouteBuilder routes)
    {
        new OrganizationEndpoints(_organizations).Map(routes);
        new UserEndpoints(_users, _organizations).Map(routes);
        new SessionEndpoints(_sessions, _users).Map(routes);
    }

    public IEnumerable<string> CommandsToTry(Uri address)
    {
        var user = _data.Users[0];
        var changed = JsonSerializer.Serialize(new { user.Email, DisplayName = $"Dr. {user.DisplayName}", Groups = user.Groups.Take(1) }, JsonSerializerOptions.Web);
        yield return $"curl {new Uri(address, $"/users/{user.Id}")}";
        yield return $"curl {new Uri(address, $"/sessions/{_data.Sessions[0].Id}")}";
        yield return $"curl -X PUT '{new Uri(address, $"/users/{user.Id}?wait=applied")}' -d '{changed}'";
    }

    public async ValueTask DisposeAsync()
    {
        if (!await ServedCache.DisposeAllAsync(Caches))
            LogNotSettled();
        _broker.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "Not every put was settled before the demo ended.")]
    private partial void LogNotSettled();
}
