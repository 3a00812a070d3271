namespace KafkaCaching.Demo.Http;

/// <summary>The exceptions of reading a request, and of stopping, as problems. Those of the caches are the library's matter.</summary>
internal static class ExceptionProblems
{
    /// <summary>The problem that an exception is, or <see langword="null"/> for one that nobody foresaw.</summary>
    public static Problem? Of(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new Problem(
            StatusCodes.Status413PayloadTooLarge, "Value too large", "A record is at most 1 MB, as Kafka's message.max.bytes says by default. Nothing was written."),
        BadHttpRequestException request => new Problem(request.StatusCode, "Bad request", request.Message),
        ObjectDisposedException or OperationCanceledException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "Stopping", "The demo is about to end; nothing was written.") { RetryAfter = TimeSpan.FromSeconds(1) },
        _ => null,
    };
}
