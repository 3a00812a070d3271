using Confluent.Kafka;
using KafkaCaching.Clients;

namespace KafkaCaching.Options;

/// <summary>The settings of the Kafka clients as the defaults left them. A cache may replace them (<c>options.Client = new ClientConfig {
/// ... }</c>); the defaults that the replacement does not name still apply.</summary>
internal sealed class DefaultClients<TKey, TValue>
    where TKey : notnull
{
    private readonly string? _bootstrapServers;
    private readonly ClientConfig? _client;
    private readonly ConsumerConfig? _consumer;
    private readonly ProducerConfig? _producer;

    /// <summary>Gives the options copies. The defaults for all caches are one object, and one cache's own settings must not appear in the
    /// others.</summary>
    public DefaultClients(KafkaCacheOptions<TKey, TValue> options)
    {
        _bootstrapServers = options.BootstrapServers;
        _client = options.Client = options.Client is { } client ? new ClientConfig(Merge(client)) : null;
        _consumer = options.Consumer = options.Consumer is { } consumer ? new ConsumerConfig(Merge(consumer)) : null;
        _producer = options.Producer = options.Producer is { } producer ? new ProducerConfig(Merge(producer)) : null;
    }

    /// <summary>Adds the defaults to the settings that the cache has replaced. Call it once the cache has set its own.</summary>
    public void FillIn(KafkaCacheOptions<TKey, TValue> options)
    {
        // The option overrides the client's setting of that name, so the default option would override the cache's own setting.
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

    // A cache sets null if it wants none of the defaults.
    private static bool IsReplaced(Config? own, Config? byDefault) =>
        own is not null && byDefault is not null && !ReferenceEquals(own, byDefault);

    // Every setting goes under one name. With two names, a setting under one name could coexist with the default under another.
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
