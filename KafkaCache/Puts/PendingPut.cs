using Confluent.Kafka;
using KafkaCaching.Waiting;

namespace KafkaCaching.Puts;

/// <summary>A put that has been passed to the producer and waits for its delivery report.</summary>
internal sealed class PendingPut(InFlight inFlight)
{
    public Completion<PutResult> Outcome { get; } = new();

    internal LinkedListNode<PendingPut>? Node { get; set; }

    /// <summary>When the put was passed to the producer, as a timestamp of the clock.</summary>
    internal long HandedOver { get; set; }

    public static PutException Unanswered(Exception? cause) => new(
        "The wait ended before the broker answered; the record may have been written, or may still be written.", PutOutcome.Unknown,
        innerException: cause);

    /// <summary>Called on the producer's own thread. Sets the outcome, runs no user code and never throws.</summary>
    /// <param name="report">The delivery report.</param>
    /// <param name="fatal">The error that has ended the producer, if any.</param>
    public void OnDelivered(DeliveryReport<byte[]?, byte[]?> report, Error? fatal)
    {
        if (DeliveryOutcome.Failure(report, fatal) is { } failure)
            Settle(failure);
        else
            Settle(DeliveryOutcome.Result(report));
    }

    public void Settle(PutException failure)
    {
        inFlight.Remove(this);
        Outcome.TryFail(failure);
    }

    public void Settle(PutResult result)
    {
        inFlight.Remove(this);
        Outcome.TrySet(result);
    }
}
