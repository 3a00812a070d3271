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

    // The caches are resolved at the first exception, because resolving them when the handler is created would create them too early.
    private readonly Lazy<IKafkaCache[]> _caches = new(() => [.. services.GetServices<IKafkaCache>()]);

    /// <returns>Whether the exception came from a cache and has been answered.</returns>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (CacheProblem.Of(exception, TimeToReady) is not { } problem)
            return false;

        // The response doesn't contain the reason, and a handled exception is logged nowhere else. A CacheNotReadyException is not logged,
        // because the cache logs the progress of its replay.
        if (problem.Status >= StatusCodes.Status500InternalServerError && exception is not CacheNotReadyException)
            Log.RequestFailed(_logger, problem.Status, exception.Message);

        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } retryAfter)
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        // If the client accepts no JSON, the response has no body.
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
