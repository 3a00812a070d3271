using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>Clears a tag in all pods, for users who are allowed to do this. The page has no other action that writes.</summary>
/// <remarks>A page of another site can't make a browser send such a request: the body must be JSON, which a form can't send and a script
/// can't send without a preflight request, and browsers report the origin of a request (<c>Sec-Fetch-Site</c>).</remarks>
internal sealed class TagClearing(Func<HttpContext, bool> mayClear, ILogger logger)
{
    public bool IsAllowed(HttpContext context) => mayClear(context);

    public async Task ServeAsync(HttpContext context)
    {
        if (!IsAllowed(context) || IsFromElsewhere(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (await PageBody.ReadAsync(context, PageJson.Default.ClearedTag) is not { } asked)
            return;
        if (context.RequestServices.FindHybridCache(asked.Cache) is not { } cache)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var answer = await ClearAsync(cache, asked.Tag);
        await context.Response.WriteAsJsonAsync(answer, PageJson.Default.ClearAnswer, cancellationToken: context.RequestAborted);
    }

    // An invalidation that has begun is not cancelled when the browser disconnects, because its outcome would then be unknown.
    private async Task<ClearAnswer> ClearAsync(KafkaHybridCache cache, string tag)
    {
        try
        {
            await cache.RemoveByTagAsync(tag, CancellationToken.None);
            Log.TagCleared(logger, cache.Name);
            return new ClearAnswer(IsCleared: true, Message: null);
        }
        catch (ArgumentException notATag)
        {
            return new ClearAnswer(IsCleared: false, notATag.Message);
        }
        catch (KafkaCacheException failed)
        {
            return new ClearAnswer(IsCleared: false, failed.Message);
        }
        catch (ObjectDisposedException)
        {
            return new ClearAnswer(IsCleared: false, "The cache has been stopped.");
        }
    }

    // A client that isn't a browser doesn't send this header, and needs no protection against pages of other sites.
    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none");
}

/// <summary>A request to clear a tag, or everything with <c>*</c>.</summary>
internal sealed record ClearedTag(string Cache, string Tag);

/// <summary>Whether the tag was cleared, or why it wasn't.</summary>
internal sealed record ClearAnswer(bool IsCleared, string? Message);
