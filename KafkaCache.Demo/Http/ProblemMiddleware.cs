namespace KafkaCaching.Demo.Http;

/// <summary>Gives every answer that failed a problem for its body.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (BareStatus(context) is { } problem)
                await problem.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone: there is nobody to tell.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await (ExceptionProblems.Of(exception) ?? Unforeseen(exception)).ExecuteAsync(context);
        }
    }

    private static Problem? BareStatus(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.ContentType is not null || context.Response.ContentLength > 0)
            return null;

        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Problem(404, "No such route", "There is nothing here. GET / lists the routes."),
            StatusCodes.Status405MethodNotAllowed => new Problem(405, "Method not allowed", $"Use one of: {context.Response.Headers.Allow}. GET / lists the routes."),
            >= 400 and var status => new Problem(status, "Request refused", "GET / lists the routes and what they take."),
            _ => null,
        };
    }

    private Problem Unforeseen(Exception exception)
    {
        LogUnforeseen(exception);
        return new Problem(500, "Internal error", "This is a mistake of the demo; its log says more.");
    }

    [LoggerMessage(1, LogLevel.Error, "A request failed in a way that nobody foresaw.")]
    private partial void LogUnforeseen(Exception exception);
}
