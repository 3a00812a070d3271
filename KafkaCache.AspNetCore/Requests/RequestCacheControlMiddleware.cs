using System.Globalization;
using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Requests;

/// <summary>Passes a request's directives to the hybrid caches, and adds their answers to the response's headers.</summary>
internal sealed class RequestCacheControlMiddleware(RequestDelegate next, RequestCacheControlOptions options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var request = CacheRequest.Begin(RequestDirectives.Of(context, options));
        if (!context.Response.HasStarted)
        {
            context.Response.OnStarting(() =>
            {
                Show(context.Response, request.Answers);
                return Task.CompletedTask;
            });
        }

        try
        {
            await next(context);
        }
        catch (OnlyIfCachedException) when (!context.Response.HasStarted && request.Directives.OnlyIfCached)
        {
            // The endpoint may have set headers for its own response, such as a Cache-Control with which a shared cache would store the
            // error.
            context.Response.Clear();
            context.Response.Headers.CacheControl = "no-store";
            await TypedResults.Problem(
                "The request accepts only a cached answer (only-if-cached), and there is none.",
                statusCode: StatusCodes.Status504GatewayTimeout, title: "Not cached").ExecuteAsync(context);
        }
    }

    private static void Show(HttpResponse response, IReadOnlyList<RequestAnswer> answers)
    {
        if (answers.Count == 0)
            return;

        // In the header, caches farther from the client come first. The members of services that the request has called are already in the
        // header, so these are appended.
        response.Headers.Append(CacheStatusHeader.Name, CacheStatusHeader.Format(answers));
        if (answers.Any(static answer => answer.TimeToLive is not null) && response.Headers.Age.Count == 0)
            response.Headers.Age = ((long)answers.Max(static answer => answer.Age).TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
