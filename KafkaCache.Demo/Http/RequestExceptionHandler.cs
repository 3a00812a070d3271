using Microsoft.AspNetCore.Diagnostics;

namespace KafkaCaching.Demo.Http;

/// <summary>Answers a request that ended in an exception, other than a cache's.</summary>
internal sealed partial class RequestExceptionHandler(ILogger<RequestExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        await (ExceptionProblems.Of(exception) ?? Unforeseen(exception)).ExecuteAsync(httpContext);
        return true;
    }

    private Problem Unforeseen(Exception exception)
    {
        LogUnforeseen(exception);
        return new Problem(500, "Internal error", "This is a mistake of the demo; its log says more.");
    }

    [LoggerMessage(1, LogLevel.Error, "A request failed in a way that nobody foresaw.")]
    private partial void LogUnforeseen(Exception exception);
}
