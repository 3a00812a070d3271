using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>The idempotent producer of all caches that have the same settings for it. When a fatal error has spoilt it, another takes its
/// place for all of them.</summary>
internal sealed class SharedProducer : IDisposable
{
    // How long a flush of a spoilt producer looks before it looks again whether it still may.
    private static readonly TimeSpan FlushTurn = TimeSpan.FromSeconds(3);

    private readonly Config _settings;
    private readonly ClientLogs _logs;
    private readonly Lock _gate = new();
    private volatile HeldProducer? _current;
    private volatile Action<Error>[] _listeners = [];
    private volatile bool _disposed;

    private SharedProducer(Config settings, ClientLogs logs)
    {
        (_settings, _logs) = (settings, logs);
        _current = OpenOne();
    }

    public static SharedProducer Open(Config settings, ClientLogs logs) => new(settings, logs);

    /// <summary>Calls back with the error, on any thread, whenever a producer has been replaced.</summary>
    public void Listen(Action<Error> replaced)
    {
        lock (_gate)
            _listeners = [.. _listeners, replaced];
    }

    public void Unlisten(Action<Error> replaced)
    {
        lock (_gate)
            _listeners = Array.FindAll(_listeners, one => one != replaced);
    }

    /// <summary>Hands a record over; to another producer where this one turns out to be spoilt.</summary>
    /// <exception cref="ProduceException{TKey, TValue}">It was not taken.</exception>
    /// <exception cref="ObjectDisposedException">All who shared it have gone.</exception>
    public void Produce(string topic, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> settled)
    {
        if (TryProduce(topic, message, settled) is { } spoilt)
        {
            Replace(spoilt.Producer, spoilt.Failure.Error);
            if (TryProduce(topic, message, settled) is { } again)
                throw again.Failure;
        }
    }

    /// <summary>Sends what lingers, and waits until all is settled or the time is out.</summary>
    public void Flush(TimeSpan timeout)
    {
        if (_current is not { } producer || !producer.TryEnter())
            return;
        try
        {
            producer.Client.Flush(timeout);
        }
        finally
        {
            producer.Exit();
        }
    }

    /// <summary>Nobody has a share in it any more: what it still holds goes with it.</summary>
    public void Dispose()
    {
        HeldProducer? producer;
        lock (_gate)
        {
            _disposed = true;
            (producer, _current) = (_current, null);
        }

        producer?.Exit();
    }

    private Spoilt? TryProduce(string topic, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> settled)
    {
        var producer = Enter();
        try
        {
            producer.Client.Produce(topic, message, settled);
            return null;
        }
        catch (ProduceException<byte[]?, byte[]?> failed) when (IsOfAnEarlierFatalError(failed.Error))
        {
            return new Spoilt(producer, failed);
        }
        finally
        {
            producer.Exit();
        }
    }

    private HeldProducer Enter()
    {
        if (_current is { } current && current.TryEnter())
            return current;
        lock (_gate)
        {
            // One that stands here holds: it is taken out under this lock before it may go.
            ObjectDisposedException.ThrowIf(_disposed, typeof(KafkaCache));
            var producer = _current ??= OpenOne();
            producer.TryEnter();
            return producer;
        }
    }

    private HeldProducer OpenOne()
    {
        var held = new HeldProducer();
        held.Client = new ProducerBuilder<byte[]?, byte[]?>(_settings)
            .SetLogHandler((_, message) => _logs.OnLog(message))
            .SetErrorHandler((_, error) =>
            {
                _logs.OnError(error);
                if (error.IsFatal)
                    Replace(held, error);
            })
            .Build();
        return held;
    }

    private void Replace(HeldProducer spoilt, Error error)
    {
        lock (_gate)
        {
            if (_current != spoilt)
                return;
            _current = null;
        }

        // Not here: this may be the producer's own thread, which its end waits for. What it still holds it settles by itself within the
        // put's time-out; caches that are disposed of meanwhile have answered those puts.
        var ending = new Thread(() =>
        {
            while (!_disposed && spoilt.Client.Flush(FlushTurn) > 0)
            {
            }

            spoilt.Exit();
        }) { IsBackground = true, Name = "KafkaCache producer" };
        ending.UnsafeStart();
        foreach (var listener in _listeners)
            Tell(listener, error);
    }

    private static void Tell(Action<Error> listener, Error error)
    {
        try
        {
            listener(error);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A logger threw: the other caches are told all the same, and a native thread must not unwind.
        }
    }

    // Produce itself refuses with the client's own codes and the broker's word on size and access. Any other code of the broker's is that
    // of an earlier fatal error, whose mark Confluent's client has lost on the way.
    private static bool IsOfAnEarlierFatalError(Error error) =>
        error.IsFatal || error is { IsLocalError: false, Code: not (ErrorCode.MsgSizeTooLarge or ErrorCode.TopicAuthorizationFailed) };

    private sealed record Spoilt(HeldProducer Producer, ProduceException<byte[]?, byte[]?> Failure);

    /// <summary>A producer and how many are at work in it. Confluent's client passes its bare handle to native code, so one that is
    /// disposed of while it takes a record takes the process down: the last one to leave disposes of it.</summary>
    private sealed class HeldProducer
    {
        private int _inside = 1; // The owner's own.

        public IProducer<byte[]?, byte[]?> Client { get; set; } = null!;

        /// <returns>Whether it is still there to be used; if so, <see cref="Exit"/> must follow.</returns>
        public bool TryEnter()
        {
            for (var seen = Volatile.Read(ref _inside); seen > 0;)
            {
                var found = Interlocked.CompareExchange(ref _inside, seen + 1, seen);
                if (found == seen)
                    return true;
                seen = found;
            }

            return false;
        }

        public void Exit()
        {
            if (Interlocked.Decrement(ref _inside) == 0)
                Client.Dispose();
        }
    }
}
