using System.Text.Json;
using Confluent.Kafka;

namespace KafkaCaching.Tests.Replay.Errors;

/// <summary>Exceptions that user code may throw for a record, each with the payload in its message.</summary>
internal static class OddExceptions
{
    /// <summary>A text that is in every message here, and must not be in any message of the library.</summary>
    public const string Payload = "payload-canary";

    public static readonly IReadOnlyDictionary<string, Func<Exception>> ByName =
        new Dictionary<string, Func<Exception>>(StringComparer.Ordinal)
    {
        ["usual"] = static () => new InvalidOperationException(Payload),
        ["cancelled"] = static () => new OperationCanceledException(Payload),
        ["task cancelled"] = static () => new TaskCanceledException(Payload, new InvalidOperationException(Payload)),
        ["several"] = static () => new AggregateException(Payload, new InvalidOperationException(Payload), new SpeechlessException()),
        ["disposed"] = static () => new ObjectDisposedException(Payload),
        ["interrupted"] = static () => new ThreadInterruptedException(Payload),
        ["Kafka's"] = static () => new KafkaException(new Error(ErrorCode.Local_Fatal, Payload, isFatal: true)),
        ["JSON's"] = static () => new JsonException(Payload, Payload, 1, 2),
        ["format"] = static () => new FormatException(Payload),
        ["time-out"] = static () => new TimeoutException(Payload),
        ["without a message to get"] = static () => new SpeechlessException(),
        ["with a huge message"] = static () => new InvalidOperationException(string.Concat(Enumerable.Repeat(Payload, 1_000_000))),
        // Simulates an allocation with a length that was read from a bad record.
        ["too large an array"] = static () => new InvalidOperationException($"{new byte[int.MaxValue].Length}"),
        ["a record error of its own"] = static () => new RecordErrorException(Payload, 7, 7, RecordErrorReason.TooLarge),
        ["a record error of no reason"] = static () => new RecordErrorException(Payload, 0, 1, (RecordErrorReason)99),
        ["a record error below all reasons"] = static () => new RecordErrorException(Payload, 0, 1, (RecordErrorReason)(-1)),
        ["not ready"] = static () => new CacheNotReadyException(Payload, CachePhase.Starting, 0),
    };

    private sealed class SpeechlessException : Exception
    {
        public override string Message => throw new InvalidOperationException(Payload);

        public override string? StackTrace => throw new InvalidOperationException(Payload);

        public override string ToString() => throw new InvalidOperationException(Payload);
    }
}
