using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Clients;

namespace KafkaCaching.Topics;

/// <summary>Describes a topic by librdkafka's own call. Confluent's client can't read what brokers say of a partition with no replica in sync: it destroys itself instead, the
/// question is never answered, and the process may crash (2.15.1, whose <c>extractNodeList</c> copies from a null pointer and whose poll loop answers that so).</summary>
internal sealed unsafe partial class TopicDescriber(IAdminClient admin)
{
    // Beyond the request's own time-out, for the answer to come round.
    private const int GraceMs = 2_000;

    private readonly SafeHandle? _client = NativeHandle.TryOf(admin);

    /// <summary>Whether librdkafka's handle is within reach.</summary>
    public bool IsAvailable => _client is not null;

    /// <returns>What the topic is, or what is wrong.</returns>
    public Task<(TopicShape? Shape, Error Problem)> DescribeAsync(string topic, TimeSpan timeout) => Task.Factory.StartNew(
        () => Describe(topic, (int)timeout.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private (TopicShape? Shape, Error Problem) Describe(string topic, int timeoutMs)
    {
        // The queue and the event use the client, so it must not go between two calls, nor the callbacks it makes.
        var held = false;
        _client!.DangerousAddRef(ref held);
        try
        {
            return Describe(_client.DangerousGetHandle(), topic, timeoutMs);
        }
        finally
        {
            _client.DangerousRelease();
            GC.KeepAlive(admin);
        }
    }

    private static (TopicShape? Shape, Error Problem) Describe(nint client, string topic, int timeoutMs)
    {
        var queue = NewQueue(client);
        try
        {
            Ask(client, queue, topic, timeoutMs);
            var answer = Poll(queue, timeoutMs + GraceMs);
            if (answer == 0)
                return (null, new Error(ErrorCode.Local_TimedOut));
            try
            {
                return Read(answer);
            }
            finally
            {
                DestroyEvent(answer);
            }
        }
        finally
        {
            DestroyQueue(queue);
        }
    }

    private static void Ask(nint client, nint queue, string topic, int timeoutMs)
    {
        const int AnyOperation = 0;
        fixed (byte* name = Encoding.UTF8.GetBytes(topic + '\0'))
        {
            var options = NewOptions(client, AnyOperation);
            var topics = TopicsNamed(&name, 1);
            SetRequestTimeout(options, timeoutMs, 0, 0);
            DescribeTopics(client, topics, options, queue);
            DestroyTopics(topics);
            DestroyOptions(options);
        }
    }

    private static (TopicShape? Shape, Error Problem) Read(nint answer)
    {
        var failure = EventError(answer);
        if (failure != ErrorCode.NoError)
            return (null, new Error(failure, Text(EventErrorText(answer))));
        var topics = Topics(Result(answer), out var count);
        if (count != 1)
            return (null, new Error(ErrorCode.UnknownTopicOrPart));
        var problem = TopicError(topics[0]);
        var code = ErrorCodeOf(problem);
        if (code != ErrorCode.NoError)
            return (null, new Error(code, Text(ErrorText(problem))));
        _ = Partitions(topics[0], out var partitions);
        return (new TopicShape(Text(UuidText(TopicId(topics[0]))), (int)partitions), new Error(ErrorCode.NoError));
    }

    private static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_new")]
    private static partial nint NewQueue(nint client);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_destroy")]
    private static partial void DestroyQueue(nint queue);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_poll")]
    private static partial nint Poll(nint queue, int timeoutMs);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_AdminOptions_new")]
    private static partial nint NewOptions(nint client, int operation);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_AdminOptions_set_request_timeout")]
    private static partial ErrorCode SetRequestTimeout(nint options, int timeoutMs, nint error, nuint errorSize);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_AdminOptions_destroy")]
    private static partial void DestroyOptions(nint options);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicCollection_of_topic_names")]
    private static partial nint TopicsNamed(byte** names, nuint count);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicCollection_destroy")]
    private static partial void DestroyTopics(nint topics);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_DescribeTopics")]
    private static partial void DescribeTopics(nint client, nint topics, nint options, nint queue);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_error")]
    private static partial ErrorCode EventError(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_error_string")]
    private static partial nint EventErrorText(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_destroy")]
    private static partial void DestroyEvent(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_event_DescribeTopics_result")]
    private static partial nint Result(nint answer);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_DescribeTopics_result_topics")]
    private static partial nint* Topics(nint result, out nuint count);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_error")]
    private static partial nint TopicError(nint topic);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_topic_id")]
    private static partial nint TopicId(nint topic);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_partitions")]
    private static partial nint* Partitions(nint topic, out nuint count);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_Uuid_base64str")]
    private static partial nint UuidText(nint uuid);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_error_code")]
    private static partial ErrorCode ErrorCodeOf(nint error);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_error_string")]
    private static partial nint ErrorText(nint error);
}
