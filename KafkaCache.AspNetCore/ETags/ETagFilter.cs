using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore.ETags;

/// <summary>Answers a conditional GET with 304 if, since the tag was issued, the caches have applied no record and no entry has
/// expired.</summary>
internal sealed class ETagFilter(string[] names) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            return await next(context);

        // The tag is created before the handler reads. The content may then be newer than the tag, which costs the client one more request,
        // but it is never older. If a cache refuses reads, the handler decides how to answer.
        if (CacheETag.Of(Caches(http.RequestServices)) is not { } tag)
            return await next(context);
        if (IsKnown(http.Request, tag))
        {
            http.Response.GetTypedHeaders().ETag = tag;
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode == StatusCodes.Status200OK)
                http.Response.GetTypedHeaders().ETag ??= tag;
            return Task.CompletedTask;
        });
        return await next(context);
    }

    // A request with "*" runs the endpoint, because only the endpoint knows whether there is anything to show.
    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag)
    {
        foreach (var known in request.GetTypedHeaders().IfNoneMatch)
        {
            if (known.Compare(tag, useStrongComparison: false))
                return true;
        }

        return false;
    }

    private IKafkaCache[] Caches(IServiceProvider services)
    {
        IKafkaCache[] all = [.. services.GetServices<IKafkaCache>()];
        return [.. names.Select(name => Array.Find(all, cache => cache.Name == name)
            ?? throw new InvalidOperationException(
                $"The endpoint's ETag depends on the cache '{name}', but no cache of that name was added with AddKafkaCache."))];
    }
}
