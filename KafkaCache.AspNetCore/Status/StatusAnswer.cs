using KafkaCaching.AspNetCore.Status.Hybrid;
using KafkaCaching.AspNetCore.Status.Jobs;
using KafkaCaching.AspNetCore.Status.Leading;
using KafkaCaching.AspNetCore.Status.Refreshing;
using KafkaCaching.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The answer to the request that the page makes every second: all caches, leaderships and jobs, and the time of this server, from
/// which the page computes ages.</summary>
internal sealed record StatusAnswer(
    DateTimeOffset Now, IReadOnlyList<CacheAnswer> Caches, IReadOnlyList<LeadershipAnswer> Leaderships, IReadOnlyList<JobAnswer> Jobs)
{
    public static Task ServeAsync(HttpContext context, TagClearing clearing)
    {
        var mayClear = clearing.IsAllowed(context);
        var services = context.RequestServices;
        var caches = services.GetServices<IKafkaCache>().Select(cache => CacheAnswer.Of(cache) with
        {
            Hybrid = services.FindHybridCache(cache.Name) is { } hybrid
                ? new HybridAnswer(hybrid.Statistics, mayClear, QueryAnswer.Costliest(services, cache.Name))
                : null,
            Refreshed = RefreshedAnswer.Find(services, cache.Name),
        });
        var jobs = services.GetService<IKafkaJobRunner>()?.Jobs ?? [];
        var answer = new StatusAnswer(services.Now(), [.. caches], LeadershipAnswer.All(services, jobs), JobAnswer.All(services, jobs));
        return context.Response.WriteAsJsonAsync(answer, PageJson.Default.StatusAnswer, cancellationToken: context.RequestAborted);
    }
}
