using KafkaCaching.AspNetCore.Status.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>What the page requests every second: every cache, and the time of this server, from which the page computes ages.</summary>
internal sealed record StatusAnswer(DateTimeOffset Now, IReadOnlyList<CacheAnswer> Caches)
{
    public static Task ServeAsync(HttpContext context, TagClearing clearing)
    {
        var mayClear = clearing.IsAllowed(context);
        var caches = context.RequestServices.GetServices<IKafkaCache>().Select(cache => CacheAnswer.Of(cache) with
        {
            Hybrid = context.RequestServices.FindHybridCache(cache.Name) is { } hybrid
                ? new HybridAnswer(hybrid.Statistics, mayClear)
                : null,
        });
        var answer = new StatusAnswer(context.RequestServices.Now(), [.. caches]);
        return context.Response.WriteAsJsonAsync(answer, PageJson.Default.StatusAnswer, cancellationToken: context.RequestAborted);
    }
}
