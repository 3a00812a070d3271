namespace KafkaCaching.Demo.Http;

/// <summary>Gives every answer that failed without saying why a problem for its body.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (BareStatus(context) is { } problem)
            await problem.ExecuteAsync(context);
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
}
