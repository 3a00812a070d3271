using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>Reads the body of a POST. It must be JSON: no form of a foreign page can send that, and no script of a foreign page can send it
/// without asking first.</summary>
internal static class PageBody
{
    /// <returns>The body; <see langword="null"/> if it is no such JSON, in which case the response has its status code.</returns>
    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return null;
        }

        try
        {
            // JSON is UTF-8 whatever charset is claimed (RFC 8259), and an unknown charset is no reason to fail.
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } body)
                return body;
        }
        catch (JsonException)
        {
            // This is the sender's mistake, and the status code says so.
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return null;
    }
}
