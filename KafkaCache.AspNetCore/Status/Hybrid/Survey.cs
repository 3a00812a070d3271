using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>Counts a hybrid cache's entries by tag and finds the largest, when a user requests it. This reads all entries, so only one
/// count runs at a time.</summary>
/// <param name="Cache">The name of the cache.</param>
internal sealed record Survey(string Cache)
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public static async Task ServeAsync(HttpContext context)
    {
        if (await PageBody.ReadAsync(context, PageJson.Default.Survey) is not { } asked)
            return;
        if (context.RequestServices.FindHybridCache(asked.Cache) is not { } cache)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await SlowAnswer.WriteAsync(
            context, OneAtATime, aborted => SurveyAnswer.Of(cache, aborted), PageJson.Default.SurveyAnswer);
    }
}
