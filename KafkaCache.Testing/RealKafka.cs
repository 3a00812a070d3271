using System.Security.Cryptography;
using Confluent.Kafka;
using KafkaCaching.Testing.Nodes;

namespace KafkaCaching.Testing;

/// <summary>A real Apache Kafka on 127.0.0.1, started from an unpacked release: one Java process per node, in KRaft mode.</summary>
/// <remarks>Data and logs are in a temporary folder that is deleted when the cluster is disposed of. If this process ends before that, the
/// nodes are killed, but the folder is not deleted. The cluster needs a Unix shell. One node starts in 4 to 8 seconds and takes about 250
/// MiB. Topics are not created automatically, unless the settings enable it. All members are safe to call from any thread, but only one
/// call that changes a node may run at a time.
/// </remarks>
public sealed class RealKafka : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(1);

    private readonly RealKafkaOptions _options;
    private readonly KafkaNode[] _nodes;

    private RealKafka(RealKafkaOptions options, KafkaRelease release)
    {
        _options = options;
        Release = release;
        Directory = System.IO.Directory.CreateTempSubdirectory("kafkacache-kafka-").FullName;
        _nodes = [
            .. Enumerable.Range(1, options.Nodes)
                .Select(id => new KafkaNode(id, Path.Combine(Directory, $"node-{id}"), release, options.HeapOptions)),
        ];
        BootstrapServers = string.Join(',', _nodes.Select(static node => node.Address));
    }

    /// <summary>The addresses of all nodes, in the format of a client's <c>bootstrap.servers</c>. They do not change when nodes
    /// restart.</summary>
    public string BootstrapServers { get; }

    /// <summary>The release that runs.</summary>
    public KafkaRelease Release { get; }

    /// <summary>The temporary folder. Node N has its data and <c>broker.log</c> in <c>node-N</c>.</summary>
    public string Directory { get; }

    /// <summary>Starts a cluster and waits until every node serves.</summary>
    /// <param name="options">The options, or <see langword="null"/> for one node of the release that <c>KAFKA_HOME</c> names.</param>
    /// <param name="cancellationToken">Cancels the start, and stops the nodes that have been started.</param>
    /// <returns>The running cluster.</returns>
    /// <exception cref="InvalidOperationException">No release is given, or a node ended while it was starting. The message contains the end
    /// of its log.</exception>
    /// <exception cref="TimeoutException">A node doesn't serve within <see cref="RealKafkaOptions.StartTimeout"/>.</exception>
    public static async Task<RealKafka> StartAsync(RealKafkaOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RealKafkaOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Nodes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Nodes, 9, nameof(options));
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException(
                "A release's scripts need a Unix shell. Use Docker, or a Kafka that is already running.");
        KafkaRelease release = options.Release ?? KafkaRelease.FromEnvironment() ?? throw new InvalidOperationException(
            $"Set {KafkaRelease.HomeVariable} to the folder of an unpacked Apache Kafka release, or give one in the options.");

        var kafka = new RealKafka(options, release);
        try
        {
            await kafka.FormatAsync(cancellationToken);
            foreach (KafkaNode node in kafka._nodes)
                node.Start();
            await kafka.WaitUntilServingAsync(kafka._nodes, cancellationToken);
            return kafka;
        }
        catch
        {
            await kafka.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a node (SIGKILL), like a crash.</summary>
    /// <param name="node">The node, from 1.</param>
    /// <param name="cancellationToken">Stops waiting for the node to end.</param>
    /// <returns>A task that completes when the node has ended.</returns>
    public Task KillAsync(int node = 1, CancellationToken cancellationToken = default) => NodeAt(node).KillAsync(cancellationToken);

    /// <summary>Stops a node gracefully (SIGTERM).</summary>
    /// <param name="node">The node, from 1.</param>
    /// <returns>A task that completes when the node has ended.</returns>
    public Task StopAsync(int node = 1) => NodeAt(node).StopAsync(_options.StopTimeout);

    /// <summary>Starts a stopped or killed node with its existing data, and waits until it serves.</summary>
    /// <param name="node">The node, from 1.</param>
    /// <param name="cancellationToken">Stops waiting, but does not stop the node.</param>
    /// <returns>A task that completes when the node serves.</returns>
    /// <exception cref="InvalidOperationException">The node is already running, or it ended while it was starting.</exception>
    /// <exception cref="TimeoutException">The node doesn't serve within <see cref="RealKafkaOptions.StartTimeout"/>.</exception>
    public Task StartNodeAsync(int node = 1, CancellationToken cancellationToken = default)
    {
        NodeAt(node).Start();
        return WaitUntilServingAsync([NodeAt(node)], cancellationToken);
    }

    /// <summary>Stops a node gracefully and starts it again with its existing data.</summary>
    /// <param name="node">The node, from 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the node serves again.</returns>
    public async Task RestartAsync(int node = 1, CancellationToken cancellationToken = default)
    {
        await StopAsync(node);
        await StartNodeAsync(node, cancellationToken);
    }

    /// <summary>Freezes a node (SIGSTOP): its connections stay open, but it does not answer.</summary>
    /// <param name="node">The node, from 1.</param>
    /// <returns>A task that completes when the signal is sent.</returns>
    public Task PauseAsync(int node = 1) => NodeAt(node).PauseAsync();

    /// <summary>Lets a frozen node continue (SIGCONT).</summary>
    /// <param name="node">The node, from 1.</param>
    /// <returns>A task that completes when the signal is sent.</returns>
    public Task ResumeAsync(int node = 1) => NodeAt(node).ResumeAsync();

    /// <summary>Stops every node, kills those that don't stop in time, and deletes the temporary folder.</summary>
    /// <returns>A task that completes when all nodes have stopped and the folder has been deleted.</returns>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.StopAsync(_options.StopTimeout)));
        if (System.IO.Directory.Exists(Directory))
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    private KafkaNode NodeAt(int node)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(node, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(node, _nodes.Length);
        return _nodes[node - 1];
    }

    private async Task FormatAsync(CancellationToken cancellationToken)
    {
        var clusterId = NewUuid();
        var controllers = string.Join(',', _nodes.Select(static node => $"{node.Id}@127.0.0.1:{node.ControllerPort}:{NewUuid()}"));
        foreach (KafkaNode node in _nodes)
            await node.FormatAsync(NodeSettings.For(node, _nodes, _options), clusterId, controllers, cancellationToken);
    }

    private async Task WaitUntilServingAsync(IReadOnlyCollection<KafkaNode> nodes, CancellationToken cancellationToken)
    {
        using IAdminClient admin = QuietClients.Admin(BootstrapServers);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.StartTimeout);
        try
        {
            while (!await ServesAsync(admin, nodes))
            {
                if (nodes.FirstOrDefault(static node => !node.IsRunning) is { } ended)
                    throw new InvalidOperationException($"Kafka node {ended.Id} ended while starting. Its log ends with:\n{ended.LogTail}");
                await Task.Delay(PollInterval, deadline.Token);
            }
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Kafka does not serve after {_options.StartTimeout.TotalSeconds:0} s. The log of node {nodes.First().Id} ends "
                + $"with:\n{nodes.First().LogTail}",
                late);
        }
    }

    private static async Task<bool> ServesAsync(IAdminClient admin, IReadOnlyCollection<KafkaNode> nodes)
    {
        // Metadata alone is not enough, because the other nodes list a killed node for a while.
        foreach (KafkaNode node in nodes)
        {
            if (!await node.IsListeningAsync())
                return false;
        }

        try
        {
            Metadata metadata = await Task.Run(() => admin.GetMetadata(MetadataTimeout));
            return nodes.All(node => metadata.Brokers.Exists(broker => broker.BrokerId == node.Id) && LeadersAreElected(metadata, node.Id));
        }
        catch (KafkaException)
        {
            // Nothing listens yet, or the node is still fenced. The caller retries, and detects the end of a node by its process.
            return false;
        }
    }

    // A restarted node is elected leader of its partitions only after it has appeared in the metadata. Partitions without a replica in sync
    // on this node are ignored.
    private static bool LeadersAreElected(Metadata metadata, int nodeId) =>
        metadata.Topics
            .SelectMany(static topic => topic.Partitions)
            .Where(partition => partition.InSyncReplicas.Contains(nodeId))
            .All(static partition => partition.Leader >= 0);

    // Kafka's text form of a UUID is 16 bytes in URL-safe base64. The storage tool would interpret a leading dash as an option.
    private static string NewUuid()
    {
        string uuid;
        do
            uuid = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        while (uuid[0] == '-')
            ;
        return uuid;
    }
}
