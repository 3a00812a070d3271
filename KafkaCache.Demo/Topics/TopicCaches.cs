using System.CommandLine;
using Confluent.Kafka;

namespace KafkaCaching.Demo.Topics;

/// <summary>Caches of any topics of a Kafka: keys and values are bytes, whatever wrote them.</summary>
internal static class TopicCaches
{
    public static void AddTopicCaches(this IServiceCollection services, IReadOnlyList<string> topics, DemoCommand command, ParseResult options)
    {
        var client = options.GetValue(command.ClientConfig) ?? new ClientConfig();
        client.BootstrapServers = options.GetValue(command.BootstrapServers) ?? client.BootstrapServers;
        services.AddHostedService(_ => new TopicCheck(client, topics, options.GetValue(command.Create)));
        services.AddKafkaCacheDefaults(defaults =>
        {
            defaults.BootstrapServers = client.BootstrapServers;
            defaults.Client = client;
            defaults.ReadOnly = !options.GetValue(command.Writable);
            defaults.OnRecordError = options.GetValue(command.OnRecordError);
            defaults.ReadyTimeout = Timeout.InfiniteTimeSpan;
        });
        foreach (var topic in topics)
            services.AddKafkaCache<byte[], byte[]>(topic, cache => cache.Topic = topic);
    }
}
