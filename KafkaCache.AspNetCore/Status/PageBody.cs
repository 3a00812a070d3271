using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>Reads the body of a POST. It must be JSON: a form on a page of another site can't send JSON, and a script can't send it without
/// a preflight request.</summary>
internal static class PageBody
{
    /// <returns>The body; <see langword="null"/> if it is not JSON of this type, in which case the response's status code has been
    /// set.</returns>
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
            // JSON is UTF-8 (RFC 8259), so the charset in the Content-Type header is ignored.
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } body)
                return body;
        }
        catch (JsonException)
        {
            // The status code below reports the malformed body.
        }
        catch (BadHttpRequestException refused)
        {
            // The server refuses the body, for example because it is too large. Thrown on, this would be answered and logged as a failure
            // of the service by middleware that handles exceptions.
            context.Response.StatusCode = refused.StatusCode;
            return null;
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return null;
    }
}
