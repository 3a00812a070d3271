using KafkaCaching.Testing.Nodes;

namespace KafkaCaching.Testing;

/// <summary>The options of a <see cref="RealKafka"/>.</summary>
public sealed class RealKafkaOptions
{
    /// <summary>The release to start. Default: the release that <c>KAFKA_HOME</c> names.</summary>
    public KafkaRelease? Release { get; init; }

    /// <summary>The number of nodes, each of which is both a broker and a controller. Range: 1 to 9. Default: 1.</summary>
    /// <remarks>Topics get three replicas, or as many as there are nodes if there are fewer than three.</remarks>
    public int Nodes { get; init; } = 1;

    /// <summary>Broker settings that are added to the defaults or replace them, such as <c>log.cleaner.backoff.ms</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The heap of each node, as <c>KAFKA_HEAP_OPTS</c>. Default: <c>-Xms128m -Xmx512m</c>.</summary>
    public string HeapOptions { get; init; } = "-Xms128m -Xmx512m";

    /// <summary>How long the start may take until every node serves. Default: 90 seconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a node may take to stop before it is killed. Default: 20 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Additional listeners. Allowed only for a cluster of one node.</summary>
    internal IReadOnlyList<NodeListener> Listeners { get; init; } = [];
}
