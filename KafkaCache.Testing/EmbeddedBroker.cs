using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Testing.Native;

namespace KafkaCaching.Testing;

/// <summary>A Kafka cluster inside this process: librdkafka's mock cluster. It starts within 100 ms and needs only
/// Confluent.Kafka.</summary>
/// <remarks>
/// <para>It listens on free ports of 127.0.0.1, and keeps its records in memory until it is disposed of. All members are safe to call from
/// any thread.</para>
/// <para>It does not support the following, as observed with librdkafka 2.15.1. Use <see cref="RealKafka"/> for these:</para>
/// <list type="bullet">
/// <item>Admin requests: creating and deleting topics, deleting records, adding partitions and describing configurations fail with
/// <see cref="ErrorCode.Local_UnsupportedFeature"/>. Call this class's methods instead. Describing topics (with their IDs), metadata and
/// ListOffsets work.</item>
/// <item>Disabling auto-creation of topics. A metadata request that allows auto-creation creates the topic with four partitions. Producers
/// and <see cref="IAdminClient.GetMetadata(string, TimeSpan)"/> allow it. Consumers allow it only if <c>allow.auto.create.topics</c> is
/// set. Describing topics doesn't allow it.</item>
/// <item>Compaction, retention and truncation. A partition keeps at most 5 MiB or 100,000 batches and silently drops the oldest.</item>
/// <item>Transactions. Markers are written on commit and on abort, and each occupies an offset. Fetch supports neither aborted transactions
/// nor the last stable offset: a reader sees the records of open and aborted transactions, and ListOffsets ignores the isolation level.
/// Markers have no CRC: with <c>check.crcs</c>, which KafkaCache sets, they count as damaged records. Set it to false if a test writes
/// transactions here.</item>
/// <item>SASL, TLS and access control.</item>
/// </list>
/// </remarks>
public sealed class EmbeddedBroker : IDisposable, IAsyncDisposable
{
    private readonly MockClusterHandle _cluster;

    private EmbeddedBroker(MockClusterHandle cluster)
    {
        _cluster = cluster;
        BootstrapServers = Marshal.PtrToStringUTF8(MockCluster.BootstrapServers(cluster))!;
    }

    /// <summary>The addresses of all brokers, in the format of a client's <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>Starts a cluster whose brokers have the IDs 1 to <paramref name="brokers"/>.</summary>
    /// <param name="brokers">The number of brokers, 1 to 100.</param>
    /// <returns>The running cluster.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="brokers"/> is out of its range.</exception>
    /// <exception cref="DllNotFoundException">The librdkafka that Confluent.Kafka loaded can't be found in this process.</exception>
    public static EmbeddedBroker Start(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(brokers, 100);
        MockClusterHandle cluster = MockCluster.Start(brokers);

        // Requests to describe topics go to the controller, and the mock cluster has no controller until one is set.
        MockCluster.SetController(cluster, brokerId: 1);
        MockCluster.SetInitialRebalanceDelay(cluster, milliseconds: 0);
        return new EmbeddedBroker(cluster);
    }

    /// <summary>Creates a topic. A topic created again after <see cref="DeleteTopic"/> has a new topic ID and starts at offset 0.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partitions">The number of partitions, at least 1.</param>
    /// <param name="replicationFactor">The number of replicas, from 1 to the number of brokers.</param>
    /// <exception cref="KafkaException">The topic exists already.</exception>
    public void CreateTopic(string topic, int partitions = 1, int replicationFactor = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        ThrowOnError(MockCluster.CreateTopic(_cluster, topic, partitions, replicationFactor));
    }

    /// <summary>Deletes a topic and its records. A producer that still writes to the topic creates it again.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <exception cref="KafkaException">There is no such topic.</exception>
    public void DeleteTopic(string topic) => ThrowOnError(MockCluster.DeleteTopic(_cluster, topic));

    /// <summary>Sets the error that every metadata response for a topic contains. A topic that doesn't exist is created.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="error">The error, such as <see cref="ErrorCode.TopicAuthorizationFailed"/>; <see cref="ErrorCode.NoError"/> for
    /// none.</param>
    public void SetTopicError(string topic, ErrorCode error) => MockCluster.SetTopicError(_cluster, topic, error);

    /// <summary>Moves a partition's log start offset forward, as Kafka's DeleteRecords does.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="beforeOffset">The new log start offset, at most the end offset.</param>
    /// <exception cref="KafkaException">There is no such partition, or the offset is past its end.</exception>
    public void DeleteRecords(string topic, int partition, long beforeOffset) =>
        ThrowOnError(MockCluster.DeleteRecords(_cluster, topic, partition, beforeOffset));

    /// <summary>Makes a broker the leader of a partition.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="brokerId">The broker, or -1 for no leader.</param>
    /// <exception cref="KafkaException">There is no such partition or broker.</exception>
    public void SetPartitionLeader(string topic, int partition, int brokerId) =>
        ThrowOnError(MockCluster.SetLeader(_cluster, topic, partition, brokerId));

    /// <summary>Closes a broker's connections and refuses new ones. The broker's records are kept.</summary>
    /// <param name="brokerId">The broker, from 1.</param>
    /// <exception cref="KafkaException">There is no such broker.</exception>
    public void SetBrokerDown(int brokerId = 1) => ThrowOnError(MockCluster.SetBrokerDown(_cluster, brokerId));

    /// <summary>Accepts connections to a broker again, at the same address.</summary>
    /// <param name="brokerId">The broker, from 1.</param>
    /// <exception cref="KafkaException">There is no such broker.</exception>
    public void SetBrokerUp(int brokerId = 1) => ThrowOnError(MockCluster.SetBrokerUp(_cluster, brokerId));

    /// <summary>Delays every response of a broker.</summary>
    /// <param name="roundTripTime">The delay, in whole milliseconds; zero for none.</param>
    /// <param name="brokerId">The broker, from 1.</param>
    /// <exception cref="KafkaException">There is no such broker.</exception>
    public void SetRoundTripTime(TimeSpan roundTripTime, int brokerId = 1) =>
        ThrowOnError(MockCluster.SetRoundTripTime(_cluster, brokerId, checked((int)roundTripTime.TotalMilliseconds)));

    /// <summary>Answers the next requests of one kind, from any client, with the given errors, one for each request, in the given
    /// order.</summary>
    /// <param name="api">The kind of request.</param>
    /// <param name="errors">
    /// The errors. <see cref="ErrorCode.NoError"/> lets a request pass; <see cref="ErrorCode.Local_Transport"/> closes the connection
    /// instead of answering.
    /// </param>
    public void PushRequestErrors(KafkaApi api, params ErrorCode[] errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        MockCluster.PushRequestErrors(_cluster, (short)api, (nuint)errors.Length, errors);
    }

    /// <summary>Discards the errors of <see cref="PushRequestErrors"/> that no request has received yet.</summary>
    /// <param name="api">The kind of request.</param>
    public void ClearRequestErrors(KafkaApi api) => MockCluster.ClearRequestErrors(_cluster, (short)api);

    /// <summary>Counts requests from now on; see <see cref="CountRequests"/>.</summary>
    public void StartRequestTracking() => MockCluster.StartRequestTracking(_cluster);

    /// <summary>The number of requests of one kind that have arrived since <see cref="StartRequestTracking"/>.</summary>
    /// <param name="api">The kind of request.</param>
    /// <returns>The number of requests from all clients.</returns>
    public unsafe int CountRequests(KafkaApi api)
    {
        var requests = MockCluster.GetRequests(_cluster, out var count);
        var matching = 0;
        foreach (var request in new ReadOnlySpan<nint>((void*)requests, (int)count))
        {
            if (MockCluster.RequestApiKey(request) == (short)api)
                matching++;
        }

        MockCluster.DestroyRequests(requests, count);
        return matching;
    }

    /// <summary>Stops the cluster. Clients see their connections close.</summary>
    public void Dispose() => _cluster.Dispose();

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A completed task, because stopping takes only a few milliseconds.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void ThrowOnError(ErrorCode code)
    {
        if (code != ErrorCode.NoError)
            throw new KafkaException(new Error(code));
    }
}
