using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Problems;

/// <summary>Runs before all middleware of the application, and answers requests that end in an exception of a cache if no middleware has
/// handled it.</summary>
internal sealed class CacheProblemsAtTheEdge(CacheExceptionHandler handler) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(AnswerAsync);
        next(app);
    };

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && CacheProblem.IsOfCache(exception))
        {
            context.Response.Clear();
            await handler.TryHandleAsync(context, exception, context.RequestAborted);
        }
    }
}
