using System.Runtime.InteropServices;
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

    private static DescribedTopic Unknown => new(Shape: null, new Error(ErrorCode.UnknownTopicOrPart));

    /// <summary>Whether librdkafka's handle is within reach.</summary>
    public bool IsAvailable => _client is not null;

    /// <returns>What each topic is, or what is wrong.</returns>
    public Task<DescribedTopic[]> DescribeAsync(IReadOnlyList<string> topics, TimeSpan timeout) => Task.Factory.StartNew(
        () => Describe(topics, (int)timeout.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private DescribedTopic[] Describe(IReadOnlyList<string> topics, int timeoutMs)
    {
        // Duplicates are refused.
        string[] names = [.. topics.Distinct(StringComparer.Ordinal)];

        // The queue and the event use the client, so it must not go between two calls, nor the callbacks it makes.
        var held = false;
        try
        {
            _client!.DangerousAddRef(ref held);
            var described = Describe(_client.DangerousGetHandle(), names, timeoutMs);
            return [.. topics.Select(topic => described.GetValueOrDefault(topic, described.GetValueOrDefault("", Unknown)))];
        }
        catch (ObjectDisposedException)
        {
            return [.. topics.Select(static _ => new DescribedTopic(Shape: null, new Error(ErrorCode.Local_Destroy)))];
        }
        finally
        {
            if (held)
                _client!.DangerousRelease();
            GC.KeepAlive(admin);
        }
    }

    /// <returns>By the topics' names; what is wrong with all of them under none.</returns>
    private static Dictionary<string, DescribedTopic> Describe(nint client, string[] names, int timeoutMs)
    {
        var queue = NewQueue(client);
        try
        {
            Ask(client, queue, names, timeoutMs);
            var answer = Poll(queue, timeoutMs + GraceMs);
            if (answer == 0)
                return OfAll(new Error(ErrorCode.Local_TimedOut));
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

    private static void Ask(nint client, nint queue, string[] names, int timeoutMs)
    {
        const int AnyOperation = 0;
        var texts = new nint[names.Length];
        try
        {
            for (var i = 0; i < names.Length; i++)
                texts[i] = Marshal.StringToCoTaskMemUTF8(names[i]);
            fixed (nint* first = texts)
            {
                var options = NewOptions(client, AnyOperation);
                var topics = TopicsNamed((byte**)first, (nuint)texts.Length);
                SetRequestTimeout(options, timeoutMs, 0, 0);
                DescribeTopics(client, topics, options, queue);
                DestroyTopics(topics);
                DestroyOptions(options);
            }
        }
        finally
        {
            foreach (var text in texts)
                Marshal.FreeCoTaskMem(text);
        }
    }

    private static Dictionary<string, DescribedTopic> Read(nint answer)
    {
        var failure = EventError(answer);
        if (failure != ErrorCode.NoError)
            return OfAll(new Error(failure, Text(EventErrorText(answer))));
        var topics = Topics(Result(answer), out var count);
        var described = new Dictionary<string, DescribedTopic>(StringComparer.Ordinal);
        for (var i = 0; i < (int)count; i++)
            described[Text(TopicName(topics[i]))] = Read(topics, i);
        return described;
    }

    private static DescribedTopic Read(nint* topics, int index)
    {
        var problem = TopicError(topics[index]);
        var code = ErrorCodeOf(problem);
        if (code != ErrorCode.NoError)
            return new(Shape: null, new Error(code, Text(ErrorText(problem))));
        _ = Partitions(topics[index], out var partitions);
        return new(new TopicShape(Text(UuidText(TopicId(topics[index]))), (int)partitions), new Error(ErrorCode.NoError));
    }

    private static Dictionary<string, DescribedTopic> OfAll(Error problem) => new(StringComparer.Ordinal) { [""] = new(Shape: null, problem) };

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

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_TopicDescription_name")]
    private static partial nint TopicName(nint topic);

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
