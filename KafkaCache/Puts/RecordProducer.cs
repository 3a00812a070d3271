using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Puts;

/// <summary>Hands one cache's records to Kafka's idempotent producer, which other caches may share. Tracks the records whose outcome is
/// still open.</summary>
internal sealed class RecordProducer : IDisposable
{
    // A service that is told to stop has a few seconds, so its last puts have no more.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    // A flush also waits for what other caches send, which may never end. So this is how often the loop checks whether the cache's own puts
    // are settled.
    private static readonly TimeSpan FlushTurn = TimeSpan.FromMilliseconds(20);

    // The client itself settles a record within the put's time-out. The grace period allows for the arrival of its report.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly SharedProducer _producer;
    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly InFlight _inFlight;
    private bool _disposed;

    public RecordProducer(SharedProducer producer, string topic, TimeSpan putTimeout, TimeProvider time, ILogger logger)
    {
        (_producer, _topic, _logger) = (producer, topic, logger);
        AnswerTimeout = putTimeout + Grace;
        _inFlight = new InFlight(AnswerTimeout, time);
        _producer.Listen(OnReplaced);
    }

    /// <summary>The time within which every put that was handed over gets its outcome.</summary>
    public TimeSpan AnswerTimeout { get; }

    /// <exception cref="PutException">The put failed; nothing was sent.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of; nothing was sent.</exception>
    public PendingPut Send(byte[] key, byte[]? value, Headers? headers)
    {
        var put = new PendingPut(_inFlight);
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers };
        try
        {
            Produce(message, put);
            return put;
        }
        catch (ProduceException<byte[]?, byte[]?> failed)
        {
            // The client reports its own size limit with the broker's error code. A refusal by the broker arrives as a delivery report.
            throw failed.Error.Code == ErrorCode.MsgSizeTooLarge
                ? DeliveryOutcome.TooLargeForClient(key.Length + (value?.Length ?? 0L), failed)
                : DeliveryOutcome.Failure(failed.Error, PersistenceStatus.NotPersisted, failed);
        }
        catch (KafkaException refused)
        {
            throw new PutException(
                $"The producer could not be made: {refused.Message} Nothing was sent.", PutOutcome.NotCommitted, innerException: refused);
        }
    }

    /// <summary>Waits a few seconds for the cache's own puts. The remaining ones are then answered with an unknown outcome.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _producer.Unlisten(OnReplaced);
        try
        {
            Flush();
        }
        finally
        {
            _inFlight.Dispose();
            foreach (var put in _inFlight.All())
            {
                put.Settle(new PutException(
                    "The cache was disposed of before the broker answered; the record may have been written, or may yet be.",
                    PutOutcome.Unknown));
            }
        }
    }

    // Uses the system's clock, as the client's own flush does.
    private void Flush()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (_inFlight.Oldest() is { } put && TimeProvider.System.GetElapsedTime(started) < FlushTimeout)
        {
            _producer.Flush(FlushTurn);

            // A spoilt producer settles its records on a thread of its own, and a report may be on its way.
            put.Outcome.Wait(FlushTurn, TimeProvider.System);
        }
    }

    // The lock ensures that no record is handed over after Dispose has collected the puts in flight, and that the log has the caller's
    // order.
    private void Produce(Message<byte[]?, byte[]?> message, PendingPut put)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(KafkaCache));
            _inFlight.Add(put);
            try
            {
                _producer.Produce(_topic, message, put.OnDelivered);
            }
            catch
            {
                _inFlight.Remove(put);
                throw;
            }
        }
    }

    private void OnReplaced(Error error) => Log.ProducerReplaced(_logger, _topic, error.Reason);
}
