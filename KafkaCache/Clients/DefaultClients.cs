using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>The settings of the Kafka clients as the defaults left them. A cache that puts others in their place, <c>options.Client = new
/// ClientConfig { ... }</c>, keeps those that it doesn't name.</summary>
internal sealed class DefaultClients<TKey, TValue>
    where TKey : notnull
{
    private readonly string? _bootstrapServers;
    private readonly ClientConfig? _client;
    private readonly ConsumerConfig? _consumer;
    private readonly ProducerConfig? _producer;

    /// <summary>Gives the options copies: what was set for all caches is one object, and a cache's own settings must not show in the
    /// others.</summary>
    public DefaultClients(KafkaCacheOptions<TKey, TValue> options)
    {
        _bootstrapServers = options.BootstrapServers;
        _client = options.Client = options.Client is { } client ? new ClientConfig(Merge(client)) : null;
        _consumer = options.Consumer = options.Consumer is { } consumer ? new ConsumerConfig(Merge(consumer)) : null;
        _producer = options.Producer = options.Producer is { } producer ? new ProducerConfig(Merge(producer)) : null;
    }

    /// <summary>Once the cache has set its own.</summary>
    public void FillIn(KafkaCacheOptions<TKey, TValue> options)
    {
        // The option goes over the client's setting of that name, so the default would go over what is the cache's own.
        if (options.BootstrapServers == _bootstrapServers
            && BootstrapServers.In(options.Client) is { } own && own != BootstrapServers.In(_client))
            options.BootstrapServers = null;

        if (IsReplaced(options.Client, _client))
            options.Client = new ClientConfig(Merge(_client!, options.Client!));
        if (IsReplaced(options.Consumer, _consumer))
            options.Consumer = new ConsumerConfig(Merge(_consumer!, options.Consumer!));
        if (IsReplaced(options.Producer, _producer))
            options.Producer = new ProducerConfig(Merge(_producer!, options.Producer!));
    }

    // Null is a way to say: none of them.
    private static bool IsReplaced(Config? own, Config? byDefault) =>
        own is not null && byDefault is not null && !ReferenceEquals(own, byDefault);

    // By one name each: a setting under one of its names would else stand beside the default under another.
    private static Dictionary<string, string> Merge(params ReadOnlySpan<Config> layers)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            foreach (var (name, value) in layer)
                merged[KafkaProperties.Canonical(name)] = value;
        }

        return merged;
    }
}
