using System.Globalization;
using Confluent.Kafka;

namespace KafkaCaching.Demo.Http;

/// <summary>The exceptions of the library, and those of reading a request, as problems.</summary>
internal static class ExceptionProblems
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>The problem that an exception is, or <see langword="null"/> for one that nobody foresaw.</summary>
    public static Problem? Of(Exception exception) => exception switch
    {
        CacheNotReadyException notReady => NotReady(notReady),
        CacheFaultedException faulted => new Problem(
            StatusCodes.Status500InternalServerError, "Cache faulted", $"{OneLine.Of(faulted)} The cache stays so: mend the cause and start the demo again."),
        PutException put => Put(put),
        RecordErrorException record => Record(record),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(),
        BadHttpRequestException request => new Problem(request.StatusCode, "Bad request", request.Message),
        ObjectDisposedException or OperationCanceledException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "Stopping", "The demo is about to end; nothing was written.") { RetryAfter = Soon },
        _ => null,
    };

    private static Problem NotReady(CacheNotReadyException exception) =>
        new(StatusCodes.Status503ServiceUnavailable, "Cache not ready", NotReadyDetail(exception))
        {
            RetryAfter = Soon,
            Extensions = Extensions(("phase", exception.Phase.ToString()), ("progress", exception.Progress)),
        };

    // The library's own message speaks to programmers.
    private static string NotReadyDetail(CacheNotReadyException exception) => string.Create(
        CultureInfo.InvariantCulture,
        $"{exception.Phase}: {exception.Progress * 100:F0} % of the topic is replayed. Try again in a moment; GET /topics shows how it goes.");

    private static Problem Put(PutException exception)
    {
        if (exception.InnerException is KafkaException { Error.Code: ErrorCode.MsgSizeTooLarge })
            return TooLarge();

        var extensions = Extensions(("outcome", exception.Outcome.ToString()), ("position", exception.Result?.Position.ToString()));
        return exception.Outcome switch
        {
            PutOutcome.NotCommitted => new Problem(
                StatusCodes.Status503ServiceUnavailable, "Not written", OneLine.Of(exception)) { RetryAfter = Soon, Extensions = extensions },
            PutOutcome.Unknown => new Problem(
                StatusCodes.Status504GatewayTimeout, "Outcome unknown", OneLine.Of(exception)) { Extensions = extensions },
            _ => new Problem(
                StatusCodes.Status504GatewayTimeout, "Not readable yet", $"{OneLine.Of(exception)} It is written: don't write it again.") { Extensions = extensions },
        };
    }

    private static Problem Record(RecordErrorException exception) =>
        new(StatusCodes.Status500InternalServerError, "Record can't be used", $"{exception.Message} Write the key again to mend it.")
        {
            Extensions = Extensions(("position", new CachePosition(exception.Partition, exception.Offset).ToString()), ("reason", exception.Reason.ToString())),
        };

    private static Problem TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, "Value too large", "A record is at most 1 MB, as Kafka's message.max.bytes says by default. Nothing was written.");

    private static Dictionary<string, object?> Extensions(params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            if (value is not null)
                extensions.Add(name, value);
        }

        return extensions;
    }
}
