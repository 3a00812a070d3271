using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>Writes answers for which much has to be read.</summary>
internal static class SlowAnswer
{
    /// <summary>Reads and writes an answer, after the earlier ones have ended.</summary>
    /// <param name="context">The request.</param>
    /// <param name="oneAtATime">Limits the answers of one kind to one at a time.</param>
    /// <param name="read">Makes the answer. Its token is cancelled when the request is aborted.</param>
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
