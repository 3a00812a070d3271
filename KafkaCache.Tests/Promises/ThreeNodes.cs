using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>A real Kafka with three nodes. It is started on first use, and repaired before each further test.</summary>
public sealed class ThreeNodes : IAsyncDisposable
{
    public const int Count = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly HashSet<int> _killed = [];
    private readonly HashSet<int> _paused = [];
    private RealKafka? _cluster;
    private TestKafka? _kafka;

    /// <summary>Returns the cluster with all nodes running and in sync. Skips the test if there is no release of Kafka.</summary>
    public async Task<TestKafka> HealthyAsync()
    {
        KafkaRelease release = RealBrokerFixture.RequireRelease();
        _cluster ??= await RealKafka.StartAsync(
            new RealKafkaOptions
            {
                Release = release,
                Nodes = Count,
                StartTimeout = TimeSpan.FromMinutes(3),
                Settings = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    // The time after which a dead or frozen node loses its leaderships.
                    ["broker.session.timeout.ms"] = "6000",
                    ["broker.heartbeat.interval.ms"] = "1000",

                    // Only tests move leaders.
                    ["auto.leader.rebalance.enable"] = "false",
                },
            },
            TestContext.Current.CancellationToken);
        _kafka ??= new TestKafka(_cluster.BootstrapServers);
        await HealAsync();
        await Eventually.TrueAsync(AllTakePartAsync, "each node leads, and all are in sync", Patience);
        return _kafka;
    }

    /// <summary>Creates a report, which the test must dispose of at its end.</summary>
    internal NodesReport ReportOn(string topic) => new(_kafka!, _cluster!.Directory, topic);

    public async Task KillAsync(int node)
    {
        _killed.Add(node);
        _paused.Remove(node);
        await _cluster!.KillAsync(node, TestContext.Current.CancellationToken);
    }

    public async Task StartAsync(int node)
    {
        await _cluster!.StartNodeAsync(node, TestContext.Current.CancellationToken);
        _killed.Remove(node);
    }

    public async Task PauseAsync(int node)
    {
        _paused.Add(node);
        await _cluster!.PauseAsync(node);
    }

    public async Task ResumeAsync(int node)
    {
        await _cluster!.ResumeAsync(node);
        _paused.Remove(node);
    }

    public async Task HealAsync()
    {
        foreach (var node in _paused.ToArray())
            await ResumeAsync(node);
        foreach (var node in _killed.ToArray())
            await StartAsync(node);
    }

    public async Task<int> LeaderAsync(string topic, int partition = 0)
    {
        var leader = -1;
        await Eventually.TrueAsync(
            async () => (leader = (await DescribeAsync(topic, partition))?.Leader ?? -1) >= 0, $"{topic} [{partition}] has a leader",
            Patience);
        return leader;
    }

    public Task LeaderMovesAsync(string topic, int partition, int from) => Eventually.TrueAsync(
        async () => (await DescribeAsync(topic, partition))?.Leader is { } leader && leader >= 0 && leader != from,
        $"node {from} no longer leads {topic} [{partition}]", Patience);

    public Task InSyncAsync(string topic, int partition, params int[] nodes) => Eventually.TrueAsync(
        async () => (await DescribeAsync(topic, partition))?.InSyncReplicas.Order().SequenceEqual(nodes.Order()) == true,
        $"the nodes in sync for {topic} [{partition}] are {string.Join(", ", nodes)}", Patience);

    /// <summary>Elects the preferred leader of every partition.</summary>
    public async Task ElectPreferredAsync(string topic, int partitions)
    {
        for (var partition = 0; partition < partitions; partition++)
            await InSyncAsync(topic, partition, 1, 2, 3);
        try
        {
            await _kafka!.Admin.ElectLeadersAsync(
                ElectionType.Preferred, Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)),
                new ElectLeadersOptions { RequestTimeout = Patience, OperationTimeout = Patience });
        }
        catch (ElectLeadersException notNeeded) when (
            notNeeded.Results.TopicPartitions.All(static one => one.Error.Code is ErrorCode.NoError or ErrorCode.ElectionNotNeeded))
        {
            // Some partitions already had their preferred leader.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _kafka?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    // A node that was just started or resumed may run before it takes part in replication.
    private async Task<bool> AllTakePartAsync()
    {
        try
        {
            var probe = await _kafka!.CreateTopicAsync(Count, ("min.insync.replicas", $"{Count}"));
            await _kafka.ProduceAsync(
                probe, Enumerable.Range(0, Count).Select(static partition => TestRecord.Of("probe", "") with { Partition = partition }));
            return true;
        }
        catch (KafkaException notYet)
        {
            TestContext.Current.SendDiagnosticMessage($"Three nodes: not all take part yet: {notYet.Error.Reason}");
            return false;
        }
    }

    // Uses metadata, which any node returns. A description would be requested from the last known controller, which may be frozen.
    private async Task<PartitionMetadata?> DescribeAsync(string topic, int partition)
    {
        try
        {
            Metadata metadata = await Task.Run(() => _kafka!.Admin.GetMetadata(topic, TimeSpan.FromSeconds(3)));
            return metadata.Topics[0].Partitions.Find(one => one.PartitionId == partition);
        }
        catch (KafkaException)
        {
            return null; // The node is frozen or dead, so the caller retries.
        }
    }
}

/// <summary>The tests that share the three nodes. They run sequentially.</summary>
[CollectionDefinition(nameof(ThreeNodesTests))]
public sealed class ThreeNodesTests : ICollectionFixture<ThreeNodes>;
