using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Snapshots;

/// <summary>Sends a cache's snapshot to a starting instance.</summary>
internal sealed class SnapshotEndpoint(ILogger logger)
{
    public const string CacheParameter = "cache";

    // More concurrent transfers would be slower, and would take bandwidth from the service's own requests.
    private const int MaxSenders = 2;
    private const string SecondsUntilAnotherTry = "5";

    private int _senders;
    private int _isExplained;

    public async Task ServeAsync(HttpContext context, IEnumerable<IKafkaCache> caches)
    {
        // A snapshot contains every key and value, so it is never sent by default.
        if (!Access.IsSaid(context))
        {
            if (Interlocked.Exchange(ref _isExplained, 1) == 0)
                Log.SnapshotsHidden(logger);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var name = (string?)context.Request.RouteValues[CacheParameter];
        if (caches.FirstOrDefault(cache => IsNamed(cache, name))?.Status.Snapshot?.Path is not { } path || Open(path) is not { } snapshot)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await using (snapshot)
        {
            try
            {
                if (Interlocked.Increment(ref _senders) > MaxSenders)
                {
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    context.Response.Headers.RetryAfter = SecondsUntilAnotherTry;
                    return;
                }

                context.Response.ContentType = "application/octet-stream";
                context.Response.Headers.CacheControl = "no-store";
                context.Response.ContentLength = snapshot.Length;
                await snapshot.CopyToAsync(context.Response.Body, context.RequestAborted);
            }
            finally
            {
                Interlocked.Decrement(ref _senders);
            }
        }
    }

    // ASP.NET Core leaves an escaped slash in a path as it is, because it might not be a part of the name.
    private static bool IsNamed(IKafkaCache cache, string? name) =>
        cache.Name == name || cache.Name == name?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    // If a newer snapshot replaces the file during a transfer, the open stream continues to read the old file.
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
