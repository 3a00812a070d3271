using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Native;

namespace KafkaCaching.Replay.Sources;

/// <summary>Reads directly from the queue of a Confluent consumer. librdkafka returns many messages per call, without copying
/// them.</summary>
/// <remarks>This class holds a reference to the consumer's native handle, so that the consumer can't be freed while the queue is in
/// use.</remarks>
internal sealed unsafe class ConsumerQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SafeHandle _client;
    private nint _queue;

    /// <exception cref="MissingMemberException">This version of Confluent.Kafka keeps its handle elsewhere.</exception>
    /// <exception cref="DllNotFoundException">The native module that Confluent.Kafka loaded can't be determined.</exception>
    /// <exception cref="EntryPointNotFoundException">The native module lacks a function.</exception>
    public ConsumerQueue(IConsumer<byte[]?, byte[]?> consumer)
    {
        _client = NativeHandle.Of(consumer);
        var held = false;
        _client.DangerousAddRef(ref held);
        try
        {
            _queue = Librdkafka.QueueOf(_client.DangerousGetHandle());
            if (_queue == 0)
                throw new InvalidOperationException("The consumer has no queue.");
        }
        catch
        {
            _client.DangerousRelease();
            throw;
        }
    }

    /// <summary>Waits for one message and then takes all others that are available. A single call to librdkafka would wait until the buffer
    /// is full or the time-out has passed, so a single record would be delivered late.</summary>
    public int Take(Span<nint> messages, TimeSpan wait)
    {
        fixed (nint* first = messages)
        {
            if (Librdkafka.TakeBatch(_queue, (int)wait.TotalMilliseconds, (Librdkafka.Message**)first, 1) != 1)
                return 0;
            var more = Librdkafka.TakeBatch(_queue, 0, (Librdkafka.Message**)first + 1, (nuint)messages.Length - 1);
            return 1 + (int)Math.Max(more, 0);
        }
    }

    public static Librdkafka.Message* At(nint message) => (Librdkafka.Message*)message;

    public static long TimestampMs(Librdkafka.Message* message) => Librdkafka.Timestamp(message, out _);

    /// <summary>Returns the leader epoch in which a record was written, or -1 if it is not known.</summary>
    public static int LeaderEpoch(Librdkafka.Message* message) => Librdkafka.LeaderEpoch(message);

    public static string Describe(Librdkafka.Message* message) =>
        Marshal.PtrToStringUTF8((nint)Librdkafka.MessageErrorText(message)) ?? new Error(message->Error).Reason;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryGetHeader(Librdkafka.Message* message, string name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Librdkafka.Headers(message, out var headers) != ErrorCode.NoError
            || Librdkafka.LastHeader(headers, name, out var bytes, out var length) != ErrorCode.NoError)
            return false;
        value = new ReadOnlySpan<byte>(bytes, (int)length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Free(ReadOnlySpan<nint> messages)
    {
        foreach (var message in messages)
            Librdkafka.DestroyMessage((Librdkafka.Message*)message);
    }

    /// <summary>Ends the current call of <see cref="Take"/>, or the next one, early. Safe to call from any thread.</summary>
    public void Wake()
    {
        // The lock prevents the queue from being destroyed during the call.
        lock (_gate)
        {
            if (_queue != 0)
                Librdkafka.Yield(_queue);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_queue == 0)
                return;
            Librdkafka.DestroyQueue(_queue);
            _queue = 0;
        }

        _client.DangerousRelease();
    }
}
