using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>Writes answers that take long because they read many entries.</summary>
internal static class SlowAnswer
{
    /// <summary>Reads an answer and writes it, after the earlier answers of its kind have been written.</summary>
    /// <param name="context">The request.</param>
    /// <param name="oneAtATime">Limits the answers of one kind to one at a time.</param>
    /// <param name="read">Reads the answer. Its token is cancelled when the request is aborted.</param>
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
