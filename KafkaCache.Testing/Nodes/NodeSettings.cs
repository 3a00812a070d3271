using System.Globalization;

namespace KafkaCaching.Testing.Nodes;

/// <summary>The default broker settings of a small cluster for tests.</summary>
internal static class NodeSettings
{
    private const int MaxReplicas = 3;

    public static Dictionary<string, string> For(KafkaNode node, IReadOnlyList<KafkaNode> all, RealKafkaOptions options)
    {
        var replicas = Math.Min(all.Count, MaxReplicas);
        var replicationFactor = replicas.ToString(CultureInfo.InvariantCulture);
        NodeListener[] listeners =
        [
            new("PLAINTEXT", "PLAINTEXT", node.Port, node.Port),
            new("CONTROLLER", "PLAINTEXT", node.ControllerPort, node.ControllerPort),
            .. options.Listeners,
        ];
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = node.Id.ToString(CultureInfo.InvariantCulture),
            ["controller.quorum.bootstrap.servers"] = string.Join(',', all.Select(static one => $"127.0.0.1:{one.ControllerPort}")),
            ["controller.listener.names"] = "CONTROLLER",
            ["listeners"] = string.Join(',', listeners.Select(static one => $"{one.Name}://127.0.0.1:{one.Port}")),
            ["advertised.listeners"] = string.Join(
                ',', listeners.Select(static one => $"{one.Name}://{one.AdvertisedHost}:{one.AdvertisedPort}")),
            ["listener.security.protocol.map"] = string.Join(',', listeners.Select(static one => $"{one.Name}:{one.Protocol}")),
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["log.dirs"] = Path.Combine(node.Directory, "data"),
            ["auto.create.topics.enable"] = "false",
            ["default.replication.factor"] = replicationFactor,
            ["min.insync.replicas"] = replicas > 1 ? "2" : "1",
            ["offsets.topic.replication.factor"] = replicationFactor,
            ["offsets.topic.num.partitions"] = "1",
            ["transaction.state.log.replication.factor"] = replicationFactor,
            ["transaction.state.log.min.isr"] = "1",
            ["transaction.state.log.num.partitions"] = "1",
            ["share.coordinator.state.topic.replication.factor"] = replicationFactor,
            ["share.coordinator.state.topic.min.isr"] = "1",
            ["group.initial.rebalance.delay.ms"] = "0",
            ["log.cleaner.backoff.ms"] = "200",
            ["log.cleaner.dedupe.buffer.size"] = "16777216",
        };
        foreach ((var key, var value) in options.Settings)
            settings[key] = value;
        return settings;
    }
}
