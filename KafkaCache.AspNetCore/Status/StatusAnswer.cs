using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>What the page requests every second: every cache, and the time of this server, from which the page computes ages.</summary>
internal sealed record StatusAnswer(DateTimeOffset Now, IReadOnlyList<CacheAnswer> Caches)
{
    public static Task ServeAsync(HttpContext context)
    {
        var caches = context.RequestServices.GetServices<IKafkaCache>().Select(CacheAnswer.Of);
        var answer = new StatusAnswer(context.RequestServices.Now(), [.. caches]);
        return context.Response.WriteAsJsonAsync(answer, PageJson.Default.StatusAnswer, cancellationToken: context.RequestAborted);
    }
}
