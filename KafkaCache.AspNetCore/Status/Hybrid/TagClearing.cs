using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>Clears a tag in all pods, for those who are allowed to. Nothing else on the page writes.</summary>
/// <remarks>A foreign page can't have a browser send it: the body must be JSON, which no form sends and no script without asking first, and
/// browsers say where a request comes from (<c>Sec-Fetch-Site</c>).</remarks>
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

    // An invalidation that has begun is not given up when the browser goes: nobody would know whether it holds.
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

    // What isn't a browser sends no such header, and no foreign page either.
    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none");
}

/// <summary>What is asked for: the tag, or <c>*</c> for everything.</summary>
internal sealed record ClearedTag(string Cache, string Tag);

/// <summary>Whether the tag is cleared, or why it isn't.</summary>
internal sealed record ClearAnswer(bool IsCleared, string? Message);
