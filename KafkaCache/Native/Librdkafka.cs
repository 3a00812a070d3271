using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace KafkaCaching.Native;

/// <summary>The librdkafka functions (rdkafka.h) that Confluent.Kafka does not expose. Each has the same meaning, ranges and ownership
/// rules as in C.</summary>
internal static unsafe partial class Librdkafka
{
    // Settings

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void DestroyConfiguration(nint configuration);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetProperty(nint configuration, string name, string value, [Out] byte[] errorText, nuint errorTextSize);

    // Assignments

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_new")]
    public static partial nint NewPartitions(int size);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_destroy")]
    public static partial void DestroyPartitions(nint list);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_add", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint AddPartition(nint list, string topic, int partition);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_set_offset", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode SetOffset(nint list, string topic, int partition, long offset);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_set_leader_epoch")]
    public static partial void SetLeaderEpoch(nint partition, int leaderEpoch);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_assign")]
    public static partial ErrorCode Assign(SafeHandle client, nint list);

    // Records to send

    /// <summary>Purges the records that have not been sent yet.</summary>
    public const int PurgeQueued = 1;

    /// <summary>Purges the records whose responses are outstanding.</summary>
    public const int PurgeInFlight = 2;

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_purge")]
    public static partial ErrorCode Purge(SafeHandle client, int flags);

    // Messages

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint QueueOf(nint client);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void DestroyQueue(nint queue);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_yield")]
    public static partial void Yield(nint queue);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint TakeBatch(nint queue, int timeoutMs, Message** messages, nuint room);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void DestroyMessage(Message* message);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_timestamp")]
    [SuppressGCTransition]
    public static partial long Timestamp(Message* message, out int type);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_leader_epoch")]
    public static partial int LeaderEpoch(Message* message);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_errstr")]
    public static partial byte* MessageErrorText(Message* message);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_headers")]
    public static partial ErrorCode Headers(Message* message, out nint headers);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_header_get_last", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode LastHeader(nint headers, string name, out byte* value, out nuint length);

    // Brokers

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_metadata")]
    public static partial ErrorCode Metadata(SafeHandle client, int allTopics, nint onlyTopic, out Brokers* metadata, int timeoutMs);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_metadata_destroy")]
    public static partial void DestroyMetadata(Brokers* metadata);

    // Topic descriptions

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_new")]
    public static partial nint NewQueue(nint client);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint PollQueue(nint queue, int timeoutMs);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_AdminOptions_new")]
    public static partial nint NewOptions(nint client, int operation);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_AdminOptions_set_request_timeout")]
    public static partial ErrorCode SetRequestTimeout(nint options, int timeoutMs, nint error, nuint errorSize);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_AdminOptions_destroy")]
    public static partial void DestroyOptions(nint options);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicCollection_of_topic_names")]
    public static partial nint TopicsNamed(byte** names, nuint count);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicCollection_destroy")]
    public static partial void DestroyTopics(nint topics);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_DescribeTopics")]
    public static partial void DescribeTopics(nint client, nint topics, nint options, nint queue);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_error")]
    public static partial ErrorCode EventError(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_error_string")]
    public static partial nint EventErrorText(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void DestroyEvent(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_DescribeTopics_result")]
    public static partial nint DescribedTopics(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_DescribeTopics_result_topics")]
    public static partial nint* TopicsOf(nint result, out nuint count);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_name")]
    public static partial nint TopicName(nint topic);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_error")]
    public static partial nint TopicError(nint topic);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_topic_id")]
    public static partial nint TopicId(nint topic);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_partitions")]
    public static partial nint* PartitionsOf(nint topic, out nuint count);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_Uuid_base64str")]
    public static partial nint UuidText(nint uuid);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_error_code")]
    public static partial ErrorCode ErrorCodeOf(nint error);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_error_string")]
    public static partial nint ErrorText(nint error);

    /// <summary>rd_kafka_message_t of rdkafka.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        public ErrorCode Error;
        public nint Topic;
        public int Partition;
        public byte* Value;
        public nuint ValueLength;
        public byte* Key;
        public nuint KeyLength;
        public long Offset;
        public nint Private;
    }

    /// <summary>The beginning of rd_kafka_metadata_t of rdkafka.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Brokers
    {
        public int Count;
        public Broker* First;
    }

    /// <summary>rd_kafka_metadata_broker_t of rdkafka.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Broker
    {
        public int Id;
        public nint Host;
        public int Port;
    }
}
