using Confluent.Kafka;
using KafkaCaching.Native;
using KafkaCaching.Waiting;

namespace KafkaCaching.Clients;

/// <summary>The idempotent producer of all caches that have the same producer settings. After a fatal error, a new producer replaces it for
/// all of them.</summary>
internal sealed class SharedProducer : IDisposable
{
    // The time limit of one flush of a failed producer. After each flush, the loop purges what is left and checks whether to continue.
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

    /// <summary>Registers a callback that is called, on any thread, with the error that caused a producer to be replaced. The callback must
    /// not throw.</summary>
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

    /// <summary>Passes a record to the producer, or to a new producer if the current one has had a fatal error.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="message">The record.</param>
    /// <param name="settled">Called with the delivery report, and with the producer's fatal error if it has had one.</param>
    /// <exception cref="ProduceException{TKey, TValue}">The record was not accepted.</exception>
    /// <exception cref="KafkaException">A new producer is needed, and can't be created now.</exception>
    /// <exception cref="ObjectDisposedException">All caches that shared the producer have given up their shares.</exception>
    public void Produce(string topic, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>, Error?> settled)
    {
        if (TryProduce(topic, message, settled) is { } failing)
        {
            Replace(failing.Producer, failing.Failure.Error);
            if (TryProduce(topic, message, settled) is { } again)
                throw again.Failure;
        }
    }

    /// <summary>Sends records at once even if they would linger, and waits until all records are settled or the time-out has
    /// passed.</summary>
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

    /// <summary>Called when the last share has been given up. Records that the producer still holds are dropped.</summary>
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

    private FailedProduce? TryProduce(
        string topic, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>, Error?> settled)
    {
        var producer = Enter();
        try
        {
            producer.Client.Produce(topic, message, report => settled(report, producer.Fatal));
            return null;
        }
        catch (ProduceException<byte[]?, byte[]?> failed) when (IsOfAnEarlierFatalError(failed.Error))
        {
            return new FailedProduce(producer, failed);
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
            // A producer found here is usable, because a producer is removed from the field under this lock before it may be disposed of.
            ObjectDisposedException.ThrowIf(_disposed, typeof(IKafkaCache));
            var producer = _current ??= Detached.Start(OpenNext);
            producer.TryEnter();
            return producer;
        }
    }

    // The settings were accepted before, but a producer also needs files, such as certificates, and threads, which may be missing now.
    private HeldProducer OpenNext() => ClientRefusal.Try(_settings, _ => OpenOne(), out var reason)
        ?? throw new KafkaException(new Error(ErrorCode.Local_Fail, reason));

    private HeldProducer OpenOne()
    {
        var held = new HeldProducer();
        held.Client = new ProducerBuilder<byte[]?, byte[]?>(_settings)
            .SetLogHandler((_, message) => _logs.OnLog(message))
            .SetErrorHandler((_, error) =>
            {
                _logs.OnError(error);
                if (!error.IsFatal)
                    return;
                held.Fatal = error;
                Replace(held, error);
            })
            .Build();
        return held;
    }

    private void Replace(HeldProducer failing, Error error)
    {
        lock (_gate)
        {
            if (_current != failing)
                return;
            _current = null;
        }

        // The old producer is not disposed of here, because this may be its own thread, and its disposal would wait for that thread.
        var ending = new Thread(() => End(failing)) { IsBackground = true, Name = "KafkaCache producer" };
        ending.UnsafeStart();
        foreach (var listener in _listeners)
            listener(error);
    }

    // After a fatal error, the producer fails most of its records at once, but may keep some until their time-out. Those that it has not
    // settled after one turn are purged. If all caches are disposed of before then, they have already reported an outcome for those puts.
    private void End(HeldProducer failing)
    {
        while (!_disposed && failing.Client.Flush(FlushTurn) > 0)
        {
            if (NativeHandle.TryOf(failing.Client) is { } client)
                Librdkafka.Purge(client, Librdkafka.PurgeQueued | Librdkafka.PurgeInFlight);
        }

        failing.Exit();
    }

    // The method Produce itself fails only with the client's local error codes and with the broker codes for record size and authorization.
    // Any other broker code comes from an earlier fatal error that Confluent's client no longer marks as fatal.
    private static bool IsOfAnEarlierFatalError(Error error) =>
        error.IsFatal || error is { IsLocalError: false, Code: not (ErrorCode.MsgSizeTooLarge or ErrorCode.TopicAuthorizationFailed) };

    private sealed record FailedProduce(HeldProducer Producer, ProduceException<byte[]?, byte[]?> Failure);

    /// <summary>A producer and the number of callers that are using it. Confluent's client passes a raw handle to native code, so disposing
    /// of a producer while a record is being passed to it would crash the process. Instead, the last caller to exit disposes of the
    /// producer.</summary>
    private sealed class HeldProducer
    {
        private int _inside = 1; // The owner counts as one.

        private volatile Error? _fatal;

        public IProducer<byte[]?, byte[]?> Client { get; set; } = null!;

        /// <summary>The error that ended the producer, if it has ended.</summary>
        public Error? Fatal
        {
            get => _fatal;
            set => _fatal = value;
        }

        /// <returns>Whether the producer can still be used. If so, <see cref="Exit"/> must follow.</returns>
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
