using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Native;
using KafkaCaching.Waiting;

namespace KafkaCaching.Topics;

/// <summary>Describes topics by calling librdkafka directly. Confluent's client can't process the description of a partition that has no
/// in-sync replica: it destroys the native client, the request is never answered, and the process may crash (observed with 2.15.1, whose
/// <c>extractNodeList</c> copies from a null pointer, and whose poll loop reacts to that by destroying the client).</summary>
internal sealed unsafe class TopicDescriber(IAdminClient admin)
{
    // The additional time, beyond the request's own time-out, for the result to arrive in the queue.
    private const int GraceMs = 2_000;

    private readonly SafeHandle? _client = NativeHandle.TryOf(admin);

    private static DescribedTopic Unknown => new(Shape: null, new Error(ErrorCode.UnknownTopicOrPart));

    /// <summary>Whether librdkafka's handle is accessible.</summary>
    public bool IsAvailable => _client is not null;

    /// <returns>The description of each topic, or the problem with it, in the order of <paramref name="topics"/>.</returns>
    public Task<DescribedTopic[]> DescribeAsync(IReadOnlyList<string> topics, TimeSpan timeout) =>
        Blocking.RunAsync(() => Describe(topics, (int)timeout.TotalMilliseconds));

    private DescribedTopic[] Describe(IReadOnlyList<string> topics, int timeoutMs)
    {
        // librdkafka rejects duplicates.
        string[] names = [.. topics.Distinct(StringComparer.Ordinal)];

        // The queue and the event use the client, so neither the client nor the delegates that it calls may be released between two calls.
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

    /// <returns>The descriptions by topic name. A problem that concerns all topics is stored under the empty name.</returns>
    private static Dictionary<string, DescribedTopic> Describe(nint client, string[] names, int timeoutMs)
    {
        var queue = Librdkafka.NewQueue(client);
        try
        {
            Ask(client, queue, names, timeoutMs);
            var answer = Librdkafka.PollQueue(queue, timeoutMs + GraceMs);
            if (answer == 0)
                return OfAll(new Error(ErrorCode.Local_TimedOut));
            try
            {
                return Read(answer);
            }
            finally
            {
                Librdkafka.DestroyEvent(answer);
            }
        }
        finally
        {
            Librdkafka.DestroyQueue(queue);
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
                var options = Librdkafka.NewOptions(client, AnyOperation);
                var topics = Librdkafka.TopicsNamed((byte**)first, (nuint)texts.Length);
                Librdkafka.SetRequestTimeout(options, timeoutMs, 0, 0);
                Librdkafka.DescribeTopics(client, topics, options, queue);
                Librdkafka.DestroyTopics(topics);
                Librdkafka.DestroyOptions(options);
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
        var failure = Librdkafka.EventError(answer);
        if (failure != ErrorCode.NoError)
            return OfAll(new Error(failure, Text(Librdkafka.EventErrorText(answer))));
        var topics = Librdkafka.TopicsOf(Librdkafka.DescribedTopics(answer), out var count);
        var described = new Dictionary<string, DescribedTopic>(StringComparer.Ordinal);
        for (var i = 0; i < (int)count; i++)
            described[Text(Librdkafka.TopicName(topics[i]))] = Read(topics, i);
        return described;
    }

    private static DescribedTopic Read(nint* topics, int index)
    {
        var problem = Librdkafka.TopicError(topics[index]);
        var code = Librdkafka.ErrorCodeOf(problem);
        if (code != ErrorCode.NoError)
            return new(Shape: null, new Error(code, Text(Librdkafka.ErrorText(problem))));
        _ = Librdkafka.PartitionsOf(topics[index], out var partitions);
        return new(
            new TopicShape(Text(Librdkafka.UuidText(Librdkafka.TopicId(topics[index]))), (int)partitions), new Error(ErrorCode.NoError));
    }

    private static Dictionary<string, DescribedTopic> OfAll(Error problem) =>
        new(StringComparer.Ordinal) { [""] = new(Shape: null, problem) };

    private static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";
}
