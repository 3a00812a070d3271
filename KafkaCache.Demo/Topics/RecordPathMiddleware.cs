using KafkaCaching.Demo.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KafkaCaching.Demo.Topics;

/// <summary>Takes the key out of the path before routing sees it, since a key may hold anything: slashes, dots, nothing.</summary>
internal sealed class RecordPathMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RecordPath.TryParse(target, out var path))
            return next(context);

        if (path is null)
            return new Problem(StatusCodes.Status400BadRequest, "Bad key", "A key in the path is percent-encoded: write % as %25.").ExecuteAsync(context);

        context.Features.Set(path);
        context.Request.Path = "/topics/topic/key";
        return next(context);
    }
}
