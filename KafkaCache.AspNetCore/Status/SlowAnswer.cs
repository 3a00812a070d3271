using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>Writes responses that take long to create because they read many entries.</summary>
internal static class SlowAnswer
{
    /// <summary>Reads and writes an answer. Answers of one kind are read one at a time.</summary>
    /// <param name="context">The request.</param>
    /// <param name="oneAtATime">The semaphore of this kind of answer.</param>
    /// <param name="read">Reads the answer. Its token is cancelled when the request is aborted.</param>
    /// <param name="type">The type of the answer.</param>
    public static async Task WriteAsync<T>(
        HttpContext context, SemaphoreSlim oneAtATime, Func<CancellationToken, T> read, JsonTypeInfo<T> type)
    {
        T answer;
        await oneAtATime.WaitAsync(context.RequestAborted);
        try
        {
            answer = read(context.RequestAborted);
        }
        finally
        {
            oneAtATime.Release();
        }

        // The answer is written after the semaphore has been released, so that a slow client does not block other requests.
        await context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);
    }
}
