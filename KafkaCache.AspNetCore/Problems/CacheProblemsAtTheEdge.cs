using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Problems;

/// <summary>Comes before everything that the application puts into its pipeline, and answers the exceptions of caches that nothing in the
/// pipeline has answered.</summary>
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
        catch (Exception exception) when (!context.Response.HasStarted && exception is CacheNotReadyException or CacheFaultedException
            or RecordErrorException or PutException)
        {
            context.Response.Clear();
            await handler.TryHandleAsync(context, exception, context.RequestAborted);
        }
    }
}
