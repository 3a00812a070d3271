using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>A look-up of a key, or of the keys that begin with a prefix or have a term in an index. It only reads, but it is a POST,
/// because a key in a URL would appear in access logs, browser histories and proxies.</summary>
/// <param name="Cache">The name of the cache.</param>
/// <param name="Key">The text that was typed: the key, the prefix or the term.</param>
/// <param name="By">Which of these the text is.</param>
/// <param name="Index">The name of the index.</param>
internal sealed record LookUp(string Cache, string Key, LookUpBy By = LookUpBy.Key, string? Index = null)
{
    public static async Task ServeAsync(HttpContext context)
    {
        if (await PageBody.ReadAsync(context, PageJson.Default.LookUp) is not { } asked)
            return;
        if (asked is { By: LookUpBy.Index, Index: null })
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var cache = context.RequestServices.GetServices<IKafkaCache>().FirstOrDefault(cache => cache.Name == asked.Cache);
        if (cache is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var answer = LookUpAnswer.Of(cache, asked, context.RequestServices.Now());
        await context.Response.WriteAsJsonAsync(answer, PageJson.Default.LookUpAnswer, cancellationToken: context.RequestAborted);
    }
}

/// <summary>The kinds of look-ups.</summary>
internal enum LookUpBy
{
    Key,
    Prefix,
    Index,
}
