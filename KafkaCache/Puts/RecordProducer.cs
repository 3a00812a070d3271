using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Puts;

/// <summary>Hands records to Kafka's idempotent producer, and takes a new one when a fatal error has spoilt it.</summary>
/// <param name="open">Makes a producer, given what to call with its fatal error: on the producer's own thread, before the reports of what the error failed.</param>
/// <param name="topic">The topic.</param>
/// <param name="putTimeout">When the client gives a record up.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where a change of the producer is told.</param>
internal sealed class RecordProducer(
    Func<Action<IProducer<byte[]?, byte[]?>, Error>, IProducer<byte[]?, byte[]?>> open, string topic, TimeSpan putTimeout, TimeProvider time, ILogger logger) : IDisposable
{
    // A service that is told to stop has a few seconds, and so have its last puts.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    // The client settles a record within the put's time-out by itself; the grace is for its report to come round.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly InFlight _inFlight = new(putTimeout + Grace, time);
    private IProducer<byte[]?, byte[]?>? _producer;
    private volatile bool _disposed;

    /// <summary>Within it every put that was handed over has its outcome.</summary>
    public TimeSpan AnswerTimeout => putTimeout + Grace;

    /// <exception cref="PutException">Nothing was sent.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of; nothing was sent.</exception>
    public PendingPut Send(byte[] key, byte[]? value, Headers? headers)
    {
        var put = new PendingPut(_inFlight);
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers };
        try
        {
            if (TryProduce(message, put) is { } spoilt)
            {
                Retire(spoilt.Producer, spoilt.Failure.Error);
                if (TryProduce(message, put) is { } again)
                    throw again.Failure;
            }

            return put;
        }
        catch (ProduceException<byte[]?, byte[]?> failed)
        {
            // The client gives its own limit the broker's code. What the broker refuses comes as a report.
            throw failed.Error.Code == ErrorCode.MsgSizeTooLarge
                ? DeliveryOutcome.TooLargeForClient(key.Length + (value?.Length ?? 0L), failed)
                : DeliveryOutcome.Failure(failed.Error, PersistenceStatus.NotPersisted, failed);
        }
    }

    /// <summary>Flushes for a few seconds, then answers every put that is left with what is known: nothing.</summary>
    public void Dispose()
    {
        IProducer<byte[]?, byte[]?>? producer;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            producer = _producer;
            _producer = null;
        }

        try
        {
            producer?.Flush(FlushTimeout);
        }
        finally
        {
            _inFlight.Dispose();
            foreach (var put in _inFlight.All())
            {
                put.Settle(new PutException(
                    "The cache was disposed of before the broker answered; the record may have been written.", PutOutcome.Unknown));
            }

            producer?.Dispose();
        }
    }

    /// <summary>Hands over, or says why the producer is beyond use.</summary>
    private Spoilt? TryProduce(Message<byte[]?, byte[]?> message, PendingPut put)
    {
        // Under the lock: Confluent's client passes its bare handle to native code, so a producer that is disposed of while it takes
        // a record takes the process down. Whoever disposes of one has first taken it out under this lock.
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(KafkaCache));
            var producer = _producer ??= Open();
            _inFlight.Add(put);
            try
            {
                producer.Produce(topic, message, put.OnDelivered);
                return null;
            }
            catch (ProduceException<byte[]?, byte[]?> failed)
            {
                _inFlight.Remove(put);
                if (!IsOfAnEarlierFatalError(failed.Error))
                    throw;
                return new Spoilt(producer, failed);
            }
        }
    }

    private IProducer<byte[]?, byte[]?> Open()
    {
        try
        {
            return open(Retire);
        }
        catch (Exception refused) when (refused is KafkaException or InvalidOperationException)
        {
            throw new PutException($"The producer could not be made: {refused.Message} Nothing was sent.", PutOutcome.NotCommitted, innerException: refused);
        }
    }

    private void Retire(IProducer<byte[]?, byte[]?> producer, Error error)
    {
        lock (_gate)
        {
            if (_producer != producer)
                return;
            _producer = null;
        }

        // Not here: this may be the producer's own thread, which Dispose waits for. What it still holds it settles by itself within the
        // put's time-out; a cache that is disposed of meanwhile has answered those puts.
        _ = Task.Factory.StartNew(
            () =>
            {
                while (producer.Flush(FlushTimeout) > 0 && !_disposed)
                {
                }

                producer.Dispose();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Log.ProducerReplaced(logger, topic, error.Reason); // Last: a logger that throws must not leave the producer to nobody.
    }

    // Produce itself refuses with the client's own codes and the broker's word on size and access. Any other code of the broker's is that of
    // an earlier fatal error, whose mark Confluent's client has lost on the way.
    private static bool IsOfAnEarlierFatalError(Error error) =>
        error.IsFatal || error is { IsLocalError: false, Code: not (ErrorCode.MsgSizeTooLarge or ErrorCode.TopicAuthorizationFailed) };

    private sealed record Spoilt(IProducer<byte[]?, byte[]?> Producer, ProduceException<byte[]?, byte[]?> Failure);
}
