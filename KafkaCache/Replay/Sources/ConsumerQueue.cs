using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Clients;

namespace KafkaCaching.Replay.Sources;

/// <summary>The queue that a Confluent consumer reads from, read without it: librdkafka hands out many messages at a call, where they lie.</summary>
/// <remarks>Holds a reference on the consumer's own handle, so that the consumer can't go from under the queue.</remarks>
internal sealed unsafe partial class ConsumerQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SafeHandle _client;
    private nint _queue;

    /// <exception cref="MissingMemberException">This Confluent.Kafka keeps its handle elsewhere.</exception>
    /// <exception cref="DllNotFoundException">The native module that it loaded can't be told.</exception>
    /// <exception cref="EntryPointNotFoundException">The native module lacks a function.</exception>
    public ConsumerQueue(IConsumer<byte[]?, byte[]?> consumer)
    {
        _client = NativeHandle.Of(consumer);
        var held = false;
        _client.DangerousAddRef(ref held);
        try
        {
            _queue = QueueOf(_client.DangerousGetHandle());
            if (_queue == 0)
                throw new InvalidOperationException("The consumer has no queue.");
        }
        catch
        {
            _client.DangerousRelease();
            throw;
        }
    }

    /// <summary>Waits for one message and takes what else is there. librdkafka itself would wait until the room is filled or the time is out,
    /// and a lone record would be seen late.</summary>
    public int Take(Span<nint> messages, TimeSpan wait)
    {
        fixed (nint* first = messages)
        {
            if (TakeBatch(_queue, (int)wait.TotalMilliseconds, (Message**)first, 1) != 1)
                return 0;
            var more = TakeBatch(_queue, 0, (Message**)first + 1, (nuint)messages.Length - 1);
            return 1 + (int)Math.Max(more, 0);
        }
    }

    public static Message* At(nint message) => (Message*)message;

    public static long TimestampMs(Message* message) => Timestamp(message, out _);

    /// <summary>The leader epoch under which a record was written, or -1.</summary>
    public static int LeaderEpoch(Message* message) => EpochOf(message);

    public static string Describe(Message* message) => Marshal.PtrToStringUTF8((nint)ErrorText(message)) ?? new Error(message->Error).Reason;

    public static bool TryGetHeader(Message* message, string name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Headers(message, out var headers) != ErrorCode.NoError || LastHeader(headers, name, out var bytes, out var length) != ErrorCode.NoError)
            return false;
        value = new ReadOnlySpan<byte>(bytes, (int)length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Free(ReadOnlySpan<nint> messages)
    {
        foreach (var message in messages)
            Destroy((Message*)message);
    }

    /// <summary>Any thread: ends a <see cref="Take"/> that waits, or the next one.</summary>
    public void Wake()
    {
        // Not the queue of one who has just disposed of it.
        lock (_gate)
        {
            if (_queue != 0)
                Yield(_queue);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_queue == 0)
                return;
            DestroyQueue(_queue);
            _queue = 0;
        }

        _client.DangerousRelease();
    }

    /// <summary>rd_kafka_message_t, of rdkafka.h.</summary>
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

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_get_consumer")]
    private static partial nint QueueOf(nint client);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_destroy")]
    private static partial void DestroyQueue(nint queue);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_queue_yield")]
    private static partial void Yield(nint queue);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_consume_batch_queue")]
    private static partial nint TakeBatch(nint queue, int timeoutMs, Message** messages, nuint room);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_destroy")]
    private static partial void Destroy(Message* message);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_timestamp")]
    [SuppressGCTransition]
    private static partial long Timestamp(Message* message, out int type);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_leader_epoch")]
    private static partial int EpochOf(Message* message);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_errstr")]
    private static partial byte* ErrorText(Message* message);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_message_headers")]
    private static partial ErrorCode Headers(Message* message, out nint headers);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_header_get_last", StringMarshalling = StringMarshalling.Utf8)]
    private static partial ErrorCode LastHeader(nint headers, string name, out byte* value, out nuint length);
}
