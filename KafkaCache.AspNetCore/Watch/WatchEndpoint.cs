using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.AspNetCore.Watch;

/// <summary>Sends the changes of a cache as server-sent events. Each client has its own watch, so a slow client does not delay the others,
/// and only its own changes are conflated.</summary>
internal static class WatchEndpoint
{
    // Proxies close idle connections, most of them after 60 seconds.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // Browsers ignore an event without data.
    private static readonly object NoData = new { };

    public static async Task<IResult> ServeAsync<TKey, TValue>(HttpContext context, IReadOnlyKafkaCache<TKey, TValue> cache)
        where TKey : notnull
    {
        if (WatchRequest.TryRead<TKey>(context.Request, out var options) is { } problem)
            return TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest, title: "The watch is malformed");

        // If the cache is not ready yet, the watch waits for its replay, because a browser would not reconnect after an error response. If
        // the cache has faulted or stopped, this call throws.
        if (cache.Status.Phase is CachePhase.Faulted or CachePhase.Stopped)
            await cache.WaitUntilReadyAsync(context.RequestAborted);

        var services = context.RequestServices;
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Otherwise nginx would buffer the events.
        var stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        return TypedResults.ServerSentEvents(
            EventsAsync(cache, options!, services.GetService<TimeProvider>() ?? TimeProvider.System, stopping, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<object>> EventsAsync<TKey, TValue>(
        IReadOnlyKafkaCache<TKey, TValue> cache, WatchOptions<TKey> options, TimeProvider time, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken aborted)
        where TKey : notnull
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        var watch = cache.WatchAsync(options, end.Token).GetAsyncEnumerator(end.Token);
        var next = Task.FromResult(false);
        try
        {
            while (true)
            {
                next = watch.MoveNextAsync().AsTask();
                while (!await EndsWithinAsync(next, Heartbeat, time, end.Token))
                    yield return new SseItem<object>(NoData, "heartbeat");
                if (!await HasNextAsync(next, stopping))
                    yield break;
                yield return ItemOf(watch.Current, options);
            }
        }
        finally
        {
            // If writing a heartbeat failed, the watch is still waiting for a change, and it can't be disposed of while it waits.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await watch.DisposeAsync();
        }
    }

    private static async ValueTask<bool> EndsWithinAsync(Task next, TimeSpan limit, TimeProvider time, CancellationToken end)
    {
        await next.WaitAsync(limit, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return next.IsCompleted || end.IsCancellationRequested;
    }

    // When the service stops, its streams end normally. The browser then reconnects to another instance.
    private static async Task<bool> HasNextAsync(Task<bool> next, CancellationToken stopping)
    {
        try
        {
            return await next;
        }
        catch (Exception ended) when (ended is ObjectDisposedException or OperationCanceledException && stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private static SseItem<object> ItemOf<TKey, TValue>(in CacheChange<TKey, TValue> change, WatchOptions<TKey> options)
        where TKey : notnull
    {
        var type = change.Kind switch
        {
            CacheChangeKind.Initial => "initial",
            CacheChangeKind.Ready => "ready",
            CacheChangeKind.Set => "set",
            _ => "removed",
        };

        // A resumed watch is ready at the very cursor at which it resumes. Any other watch is ready at a later or unrelated one.
        object data = change.Kind == CacheChangeKind.Ready
            ? new WatchReady(Resumed: options.ResumeAfter is { } cursor && cursor.Equals(change.Cursor))
            : WatchEvent<TKey, TValue>.Of(change);
        return new SseItem<object>(data, type) { EventId = change.Cursor?.ToString() };
    }
}
