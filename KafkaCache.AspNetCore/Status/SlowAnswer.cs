using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>An answer for which much has to be read.</summary>
internal static class SlowAnswer
{
    /// <summary>Reads and writes an answer, when those before it are through.</summary>
    /// <param name="context">The request.</param>
    /// <param name="oneAtATime">What the answers of one kind wait for.</param>
    /// <param name="read">Makes the answer, for as long as the request is not aborted.</param>
    /// <param name="type">The type of the answer.</param>
    public static async Task WriteAsync<T>(
        HttpContext context, SemaphoreSlim oneAtATime, Func<CancellationToken, T> read, JsonTypeInfo<T> type)
    {
        await oneAtATime.WaitAsync(context.RequestAborted);
        try
        {
            await context.Response.WriteAsJsonAsync(read(context.RequestAborted), type, cancellationToken: context.RequestAborted);
        }
        finally
        {
            oneAtATime.Release();
        }
    }
}
