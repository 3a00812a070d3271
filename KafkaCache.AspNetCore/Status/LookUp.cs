using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>A look-up of one key. It only reads, yet it is a POST, because in a URL the key would end up in access logs, histories and
/// proxies. The body must be JSON. No form of a foreign page can send that, and no script of a foreign page can send it without asking
/// first.</summary>
internal sealed record LookUp(string Cache, string Key)
{
    public static async Task ServeAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (await ReadAsync(context) is not { } asked)
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

        var answer = LookUpAnswer.Of(cache, asked.Key, context.RequestServices.Now());
        await context.Response.WriteAsJsonAsync(answer, PageJson.Default.LookUpAnswer, cancellationToken: context.RequestAborted);
    }

    private static async Task<LookUp?> ReadAsync(HttpContext context)
    {
        try
        {
            // JSON is UTF-8 whatever charset is claimed (RFC 8259), and an unknown charset is no reason to fail.
            return await JsonSerializer.DeserializeAsync(context.Request.Body, PageJson.Default.LookUp, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null; // This is the sender's mistake, and the status code says so.
        }
    }
}
