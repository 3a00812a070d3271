using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Puts;

/// <summary>Passes records to an idempotent Kafka producer, which other caches may share.</summary>
internal sealed class KafkaSink : IRecordSink
{
    private readonly SharedProducer _producer;
    private readonly string _topic;
    private readonly ILogger _logger;

    public KafkaSink(SharedProducer producer, string topic, ILogger logger)
    {
        (_producer, _topic, _logger) = (producer, topic, logger);
        _producer.Listen(OnReplaced);
    }

    public void Send(byte[] key, byte[]? value, Headers? headers, PendingPut put)
    {
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers };
        try
        {
            _producer.Produce(_topic, message, put.OnDelivered);
        }
        catch (ProduceException<byte[]?, byte[]?> failed)
        {
            // The client reports its own size limit with the broker's error code. A rejection by the broker arrives as a delivery report
            // instead.
            throw failed.Error.Code == ErrorCode.MsgSizeTooLarge
                ? DeliveryOutcome.TooLargeForClient(key.Length + (value?.Length ?? 0L), failed)
                : DeliveryOutcome.Failure(failed.Error, PersistenceStatus.NotPersisted, failed);
        }
        catch (KafkaException refused)
        {
            throw new PutException(
                $"The producer could not be created: {refused.Message} Nothing was sent.", PutOutcome.NotCommitted,
                innerException: refused);
        }
    }

    public void Flush(TimeSpan timeout) => _producer.Flush(timeout);

    public void Dispose() => _producer.Unlisten(OnReplaced);

    private void OnReplaced(Error error) => Log.ProducerReplaced(_logger, _topic, error.Reason);
}
