using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Problems;

/// <summary>Answers a request that ended in an exception of a cache. It is one of the application's exception handlers, and it also runs
/// before the developer exception page, which would answer with 500 and show the stack.</summary>
internal sealed class CacheExceptionHandler(
    IProblemDetailsService writer, IServiceProvider services, ILoggerFactory loggers) : IExceptionHandler, IDeveloperPageExceptionFilter
{
    private readonly ILogger _logger = loggers.CreateLogger("KafkaCache.Problems");

    // The caches are not resolved before the first exception, because the first code that asks for a cache creates it.
    private readonly Lazy<IKafkaCache[]> _caches = new(() => [.. services.GetServices<IKafkaCache>()]);

    /// <returns>Whether the exception came from a cache and has been answered.</returns>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (CacheProblem.Of(exception, TimeToReady) is not { } problem)
            return false;

        // The answer doesn't give the reason, and a handled exception is logged nowhere else. A cache that is not ready isn't logged here,
        // because the cache logs the progress of its replay.
        if (problem.Status >= StatusCodes.Status500InternalServerError && exception is not CacheNotReadyException)
            Log.RequestFailed(_logger, problem.Status, exception.Message);

        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } retryAfter)
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        // If the client accepts no JSON, no body is written. The status is enough.
        await writer.TryWriteAsync(
            new ProblemDetailsContext { HttpContext = httpContext, Exception = exception, ProblemDetails = problem.Details() });
        return true;
    }

    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
    {
        if (!await TryHandleAsync(errorContext.HttpContext, errorContext.Exception, errorContext.HttpContext.RequestAborted))
            await next(errorContext);
    }

    private TimeSpan? TimeToReady(string name) =>
        Array.Find(_caches.Value, cache => string.Equals(cache.Name, name, StringComparison.Ordinal))?.Status.EstimatedTimeToReady;
}
