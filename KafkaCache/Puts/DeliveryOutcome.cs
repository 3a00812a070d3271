using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Encodings;

namespace KafkaCaching.Puts;

/// <summary>Interprets a delivery report: the record is in the log, is not in the log, or may be in the log if the report leaves this
/// open.</summary>
internal static class DeliveryOutcome
{
    /// <summary>Returns why the record is not known to be in the log at a certain offset; <see langword="null"/> if it is known.</summary>
    /// <param name="report">The delivery report.</param>
    /// <param name="fatal">The error that has ended the producer, if any.</param>
    public static PutException? Failure(DeliveryReport<byte[]?, byte[]?> report, Error? fatal)
    {
        if (!report.Error.IsError)
        {
            // The client reports a batch as written, but without an offset, in two cases: the broker already has the batch, or the broker
            // has accepted a later batch. A broker that has no state for this producer yet accepts the later batch even if it has rejected
            // the first (librdkafka's rd_kafka_dr_implicit_ack, Kafka's ProducerAppendInfo). Therefore, the record is either in the log at
            // an unknown offset, or not in the log.
            return report.Offset.Value >= 0
                ? null
                : new PutException(
                    "The record was acknowledged without an offset, so it may be anywhere in the log, or not in it. Read the key before "
                    + "putting it again.",
                    PutOutcome.Unknown);
        }

        if (report.Error.Code is ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight)
            return Purged(fatal ?? report.Error);
        return report.Error.Code == ErrorCode.MsgSizeTooLarge && report.Status == PersistenceStatus.NotPersisted
            ? TooLargeForBroker(report.Error)
            : Failure(report.Error, report.Status, new KafkaException(report.Error));
    }

    // A record's size is checked against three limits in turn: those of the store, the client and the broker. Each limit is set in a
    // different place.
    public static PutException TooLargeForStore(long bytes, bool withHeaders, int maxBytes) => new(
        $"The key and value{(withHeaders ? ", with the kept headers," : "")} have {bytes} bytes, and the option Store.MaxEntryBytes allows "
        + $"{maxBytes}. Nothing was sent.",
        PutOutcome.NotCommitted) { Refusal = PutRefusal.Size };

    public static PutException TooLargeKeptHeaders(long bytes, int maxBytes) => new(
        $"The headers that the option KeepHeaders names have {bytes} bytes, and an entry can keep {maxBytes}. Nothing was sent.",
        PutOutcome.NotCommitted) { Refusal = PutRefusal.Size };

    public static PutException TooLargeForClient(long bytes, Exception cause) => new(
        $"The key and value have {bytes} bytes{WithHeaders(cause)}, which is over this process's own limit for a record, Kafka's "
        + "message.max.bytes: raise the option Producer.MessageMaxBytes. The topic's max.message.bytes must allow as much. Nothing was "
        + "sent.",
        PutOutcome.NotCommitted, innerException: cause) { Refusal = PutRefusal.Size };

    // The client counts the headers too. Without their size, the message could state fewer bytes than the limit allows. The exception
    // contains the record as it was passed to the client, including the headers of the trace context.
    private static string WithHeaders(Exception cause) =>
        cause is ProduceException<byte[]?, byte[]?> { DeliveryResult.Message.Headers: { Count: > 0 } headers }
            ? string.Create(CultureInfo.InvariantCulture, $" and the headers {RecordHeaders.BytesOf(headers)}")
            : "";

    private static PutException TooLargeForBroker(Error error) => new(
        $"The record was not written: the broker refused the size of the record's batch ({error.Code}). The limit is the topic's "
        + "max.message.bytes or, if that isn't set, the broker's message.max.bytes. Raise the limit or, if small records are sent "
        + "together, lower Producer.BatchSize.",
        PutOutcome.NotCommitted, innerException: new KafkaException(error)) { Refusal = PutRefusal.Size };

    public static PutException Failure(Error error, PersistenceStatus status, Exception? cause) =>
        status == PersistenceStatus.NotPersisted && !MayHaveBeenWritten(error)
        ? new PutException(
            $"The record was not written: {error.Reason} ({error.Code}). Once the cause is gone it may be put again.",
            PutOutcome.NotCommitted, innerException: cause)
        : new PutException(
            $"The record may have been written: {error.Reason} ({error.Code}). Read the key before putting it again.", PutOutcome.Unknown,
            innerException: cause);

    // After a fatal error, the records of a producer are purged, and that error is the cause. A record in the queue may have been sent
    // before: see MayHaveBeenWritten. Only a producer that is not authorized has never sent anything.
    private static PutException Purged(Error cause) => Failure(
        cause,
        cause.Code == ErrorCode.ClusterAuthorizationFailed ? PersistenceStatus.NotPersisted : PersistenceStatus.PossiblyPersisted,
        new KafkaException(cause));

    // The persistence status that the client reports is not sufficient. A leader may lose its leadership while it waits for its followers.
    // It then responds that it is not the leader, although its followers may have the record. The client treats this response as "not
    // persisted" (librdkafka 2.15.1 does so for every error after which it refreshes its metadata), retries, and may time out.
    private static bool MayHaveBeenWritten(Error error) => error.Code == ErrorCode.Local_MsgTimedOut;

    public static PutResult Result(DeliveryReport<byte[]?, byte[]?> report) => new(
        report.Partition.Value, report.Offset.Value, RecordTime.Of(report.Message.Timestamp.UnixTimestampMs));
}
