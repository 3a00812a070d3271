using KafkaCaching.Demo.Arguments;

namespace KafkaCaching.Demo.Topics;

/// <summary>Any topics of the user's own Kafka: keys and values are bytes, whatever wrote them.</summary>
internal sealed class TopicShowcase : IShowcase
{
    private readonly TopicArguments _arguments;

    private TopicShowcase(TopicArguments arguments) => _arguments = arguments;

    public bool Writable => _arguments.Writable;

    /// <exception cref="DemoException">The brokers can't be reached, or a topic is missing.</exception>
    public static async Task<IShowcase> StartAsync(TopicArguments arguments, ILogger logger, CancellationToken stop)
    {
        await TopicCheck.EnsureAsync(arguments, logger, stop);
        return new TopicShowcase(arguments);
    }

    public void AddCaches(IServiceCollection services)
    {
        foreach (var topic in _arguments.Names)
        {
            services.AddKafkaCache<byte[], byte[]>(topic, options =>
            {
                options.BootstrapServers = _arguments.Client.BootstrapServers;
                options.Client = _arguments.Client;
                options.Topic = topic;
                options.ReadOnly = !_arguments.Writable;
                options.OnRecordError = _arguments.OnRecordError;
                options.ReadyTimeout = Timeout.InfiniteTimeSpan;
            });
        }
    }

    public IReadOnlyList<IKafkaCache> Caches(IServiceProvider services) => [.. _arguments.Names.Select(topic => Cache(services, topic))];

    public void MapRoutes(IEndpointRouteBuilder routes) =>
        new TopicEndpoints(_arguments.Names.ToDictionary(static topic => topic, topic => Cache(routes.ServiceProvider, topic), StringComparer.Ordinal), Writable).Map(routes);

    // No key of the topic is shown: what a service prints ends up in logs.
    public IEnumerable<string> CommandsToTry(Uri address)
    {
        var topic = _arguments.Names[0];
        yield return $"curl {new Uri(address, "/topics")}";
        yield return $"curl {new Uri(address, $"/topics/{topic}")}";
        yield return $"curl -i {new Uri(address, $"/topics/{topic}/KEY")}";
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IReadOnlyKafkaCache<byte[], byte[]> Cache(IServiceProvider services, string topic) =>
        services.GetRequiredKeyedService<IReadOnlyKafkaCache<byte[], byte[]>>(topic);
}
