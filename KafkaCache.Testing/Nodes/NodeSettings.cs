using System.Globalization;

namespace KafkaCaching.Testing.Nodes;

/// <summary>The broker settings of a small cluster for tests, before the caller's own.</summary>
internal static class NodeSettings
{
    private const int MaxReplicas = 3;

    public static Dictionary<string, string> For(KafkaNode node, IReadOnlyList<KafkaNode> all, IReadOnlyDictionary<string, string> overrides)
    {
        var replicas = Math.Min(all.Count, MaxReplicas);
        var replicationFactor = replicas.ToString(CultureInfo.InvariantCulture);
        var listeners = $"PLAINTEXT://127.0.0.1:{node.Port},CONTROLLER://127.0.0.1:{node.ControllerPort}";
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = node.Id.ToString(CultureInfo.InvariantCulture),
            ["controller.quorum.bootstrap.servers"] = string.Join(',', all.Select(static one => $"127.0.0.1:{one.ControllerPort}")),
            ["controller.listener.names"] = "CONTROLLER",
            ["listeners"] = listeners,
            ["advertised.listeners"] = listeners,
            ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
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
        foreach ((var key, var value) in overrides)
            settings[key] = value;
        return settings;
    }
}
