using Confluent.Kafka;
using KafkaCaching.Clients;

namespace KafkaCaching.Options;

/// <summary>The settings of the Kafka clients after the defaults have been applied. If a cache replaces them (<c>options.Client = new
/// ClientConfig { ... }</c>), the defaults still apply to settings that the replacement leaves unset.</summary>
internal sealed class DefaultClients<TKey, TValue>
    where TKey : notnull
{
    private readonly string? _bootstrapServers;
    private readonly ClientConfig? _client;
    private readonly ConsumerConfig? _consumer;
    private readonly ProducerConfig? _producer;

    /// <summary>Replaces the settings in the options with copies. The defaults for all caches may be one object, and a cache's own settings
    /// must not affect other caches.</summary>
    public DefaultClients(KafkaCacheOptions<TKey, TValue> options)
    {
        _bootstrapServers = options.BootstrapServers;
        _client = options.Client = options.Client is { } client ? new ClientConfig(Merge(client)) : null;
        _consumer = options.Consumer = options.Consumer is { } consumer ? new ConsumerConfig(Merge(consumer)) : null;
        _producer = options.Producer = options.Producer is { } producer ? new ProducerConfig(Merge(producer)) : null;
    }

    /// <summary>Adds the defaults to the settings that the cache has replaced. Call this after the cache has set its own
    /// settings.</summary>
    public void FillIn(KafkaCacheOptions<TKey, TValue> options)
    {
        // The option BootstrapServers overrides the setting in Client, so a default for the option would override the cache's own setting
        // in Client.
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

    // If a cache sets the option to null, none of the defaults apply.
    private static bool IsReplaced(Config? own, Config? byDefault) =>
        own is not null && byDefault is not null && !ReferenceEquals(own, byDefault);

    // Every setting is stored under one name. Otherwise, a setting under one name could coexist with its default under another.
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
