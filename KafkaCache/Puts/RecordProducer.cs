using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Puts;

/// <summary>Hands records to Kafka's idempotent producer, and takes a new one when a fatal error has spoilt it.</summary>
internal sealed class RecordProducer(Func<IProducer<byte[]?, byte[]?>> open, string topic, ILogger logger) : IDisposable
{
    // A service that is told to stop has a few seconds, and so have its last puts.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly InFlight _inFlight = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private bool _disposed;

    /// <exception cref="PutException">Nothing was sent.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of; nothing was sent.</exception>
    public PendingPut Send(byte[] key, byte[]? value)
    {
        try
        {
            return Send(Producer(), key, value);
        }
        catch (ProduceException<byte[]?, byte[]?> failed) when (!IsFatal(failed.Error))
        {
            throw DeliveryOutcome.Failure(failed.Error, PersistenceStatus.NotPersisted, failed);
        }
        catch (ProduceException<byte[]?, byte[]?> failed)
        {
            // Refused because an earlier record spoilt the producer: a new one takes this record.
            Log.ProducerReplaced(logger, topic, failed.Error.Reason);
            return SendAgain(key, value);
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

        producer?.Flush(FlushTimeout);
        foreach (var put in _inFlight.All())
        {
            put.Settle(new PutException(
                "The cache was disposed of before the broker answered; the record may have been written.", PutOutcome.Unknown));
        }

        producer?.Dispose();
    }

    private PendingPut SendAgain(byte[] key, byte[]? value)
    {
        try
        {
            return Send(Producer(), key, value);
        }
        catch (ProduceException<byte[]?, byte[]?> failed)
        {
            throw DeliveryOutcome.Failure(failed.Error, PersistenceStatus.NotPersisted, failed);
        }
    }

    private PendingPut Send(IProducer<byte[]?, byte[]?> producer, byte[] key, byte[]? value)
    {
        var put = new PendingPut(_inFlight) { OnFailed = error => RetireIfFatal(producer, error) };
        _inFlight.Add(put);
        try
        {
            producer.Produce(topic, new Message<byte[]?, byte[]?> { Key = key, Value = value }, put.OnDelivered);
            return put;
        }
        catch (ProduceException<byte[]?, byte[]?> failed)
        {
            _inFlight.Remove(put);
            RetireIfFatal(producer, failed.Error);
            throw;
        }
        catch (ObjectDisposedException)
        {
            // Retired, or the cache disposed of, between taking the producer and using it.
            _inFlight.Remove(put);
            throw new PutException("The producer was closed before it took the record. Nothing was sent.", PutOutcome.NotCommitted);
        }
    }

    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(KafkaCache));
            try
            {
                return _producer ??= open();
            }
            catch (Exception refused) when (refused is KafkaException or InvalidOperationException)
            {
                throw new PutException($"The producer could not be made: {refused.Message} Nothing was sent.", PutOutcome.NotCommitted, innerException: refused);
            }
        }
    }

    private void RetireIfFatal(IProducer<byte[]?, byte[]?> producer, Error error)
    {
        if (!IsFatal(error))
            return;
        lock (_gate)
        {
            if (_producer != producer)
                return;
            _producer = null;
        }

        // Not here: this may be the producer's own thread, which Dispose waits for. What it still holds, it fails by itself first.
        _ = Task.Run(() =>
        {
            producer.Flush(FlushTimeout);
            producer.Dispose();
        });
    }

    private static bool IsFatal(Error error) => error.IsFatal || error.Code == ErrorCode.Local_Fatal;
}
