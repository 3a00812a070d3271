using System.Diagnostics.Metrics;
using KafkaCaching.Demo.Arguments;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Demo.Topics;

/// <summary>Any topics of the user's own Kafka: keys and values are bytes, whatever wrote them.</summary>
internal sealed partial class TopicShowcase : IShowcase
{
    private readonly List<KafkaCache<byte[], byte[]>> _caches = [];
    private readonly ILogger _logger;

    private TopicShowcase(bool writable, ILogger logger)
    {
        Writable = writable;
        _logger = logger;
    }

    public IReadOnlyList<ServedCache> Caches => [.. _caches.Select(ServedCache.Of)];

    public bool Writable { get; }

    /// <exception cref="DemoException">The brokers can't be reached, or a topic is missing.</exception>
    public static async Task<IShowcase> StartAsync(TopicArguments arguments, ILoggerFactory loggers, IMeterFactory meters, CancellationToken stop)
    {
        await TopicCheck.EnsureAsync(arguments, loggers.CreateLogger("KafkaCache.Demo"), stop);

        var showcase = new TopicShowcase(arguments.Writable, loggers.CreateLogger("KafkaCache.Demo"));
        try
        {
            foreach (var topic in arguments.Names)
                showcase._caches.Add(KafkaCache.Create(Options(arguments, topic, meters), loggers));
            return showcase;
        }
        catch (OptionsValidationException exception)
        {
            await showcase.DisposeAsync();
            throw new DemoException(exception.Message, DemoException.BadArguments);
        }
    }

    public void MapRoutes(IEndpointRouteBuilder routes) =>
        new TopicEndpoints(_caches.ToDictionary(cache => cache.Topic, IKafkaCache<byte[], byte[]> (cache) => cache, StringComparer.Ordinal), Writable).Map(routes);

    // No key of the topic is shown: what a service prints ends up in logs.
    public IEnumerable<string> CommandsToTry(Uri address)
    {
        var topic = _caches[0].Topic;
        yield return $"curl {new Uri(address, "/topics")}";
        yield return $"curl {new Uri(address, $"/topics/{topic}")}";
        yield return $"curl -i {new Uri(address, $"/topics/{topic}/KEY")}";
    }

    public async ValueTask DisposeAsync()
    {
        if (!await ServedCache.DisposeAllAsync(Caches))
            LogNotSettled();
    }

    private static KafkaCacheOptions<byte[], byte[]> Options(TopicArguments arguments, string topic, IMeterFactory meters) => new()
    {
        BootstrapServers = arguments.Client.BootstrapServers,
        Client = arguments.Client,
        Topic = topic,
        ReadOnly = !arguments.Writable,
        OnRecordError = arguments.OnRecordError,
        ReadyTimeout = Timeout.InfiniteTimeSpan,
        MeterFactory = meters,
    };

    [LoggerMessage(1, LogLevel.Warning, "Not every put was settled before the demo ended.")]
    private partial void LogNotSettled();
}
