using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Native;

namespace KafkaCaching.Testing.Native;

/// <summary>The functions of rdkafka_mock.h that the embedded broker calls.</summary>
internal static partial class MockCluster
{
    private const int ProducerType = 0;
    private const int ErrorTextSize = 512;

    public static unsafe MockClusterHandle Start(int brokers)
    {
        var errorText = stackalloc byte[ErrorTextSize];
        var configuration = NewConfiguration();
        SetLogCallback(configuration, &IgnoreLog);
        var client = NewClient(ProducerType, configuration, errorText, ErrorTextSize);
        if (client == 0)
        {
            // The client takes ownership of the configuration only if it was created.
            DestroyConfiguration(configuration);
            throw new InvalidOperationException(
                $"librdkafka refused the embedded broker's client: {Marshal.PtrToStringUTF8((nint)errorText)}.");
        }

        var cluster = NewCluster(client, brokers);
        if (cluster == 0)
        {
            DestroyClient(client);
            throw new InvalidOperationException($"librdkafka could not start a mock cluster of {brokers} brokers.");
        }

        return new MockClusterHandle(client, cluster);
    }

    // The mock cluster logs the connections that tests break on purpose. Without a callback, these messages would go to standard error.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe void IgnoreLog(nint client, int level, byte* facility, byte* text)
    {
    }

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_conf_destroy")]
    private static partial void DestroyConfiguration(nint configuration);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_conf_set_log_cb")]
    private static unsafe partial void SetLogCallback(
        nint configuration, delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, void> callback);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_new")]
    private static unsafe partial nint NewClient(int type, nint configuration, byte* errorText, nuint errorTextSize);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void DestroyCluster(nint cluster);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint BootstrapServers(MockClusterHandle cluster);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_set_controller_id")]
    public static partial void SetController(MockClusterHandle cluster, int brokerId);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void SetInitialRebalanceDelay(MockClusterHandle cluster, int milliseconds);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode CreateTopic(MockClusterHandle cluster, string topic, int partitions, int replicationFactor);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_topic_delete", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode DeleteTopic(MockClusterHandle cluster, string topic);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_topic_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetTopicError(MockClusterHandle cluster, string topic, ErrorCode error);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_partition_delete_records", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode DeleteRecords(MockClusterHandle cluster, string topic, int partition, long beforeOffset);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_partition_set_leader", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode SetLeader(MockClusterHandle cluster, string topic, int partition, int brokerId);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial ErrorCode SetBrokerDown(MockClusterHandle cluster, int brokerId);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial ErrorCode SetBrokerUp(MockClusterHandle cluster, int brokerId);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial ErrorCode SetRoundTripTime(MockClusterHandle cluster, int brokerId, int milliseconds);

    // P/Invoke does not support the variant of this function with a variable argument list.
    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    public static partial void PushRequestErrors(MockClusterHandle cluster, short apiKey, nuint count, [In] ErrorCode[] errors);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_clear_request_errors")]
    public static partial void ClearRequestErrors(MockClusterHandle cluster, short apiKey);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_start_request_tracking")]
    public static partial void StartRequestTracking(MockClusterHandle cluster);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_get_requests")]
    public static partial nint GetRequests(MockClusterHandle cluster, out nuint count);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_request_api_key")]
    public static partial short RequestApiKey(nint request);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_mock_request_destroy_array")]
    public static partial void DestroyRequests(nint requests, nuint count);
}
