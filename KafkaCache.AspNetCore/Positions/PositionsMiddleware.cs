using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Positions;

/// <summary>Waits for the positions that the request's header names, and adds the positions that the request has written to the
/// response.</summary>
internal sealed class PositionsMiddleware(RequestDelegate next, IServiceProvider services, ILoggerFactory loggers)
{
    private const string Form =
        $"The request header {PositionsHeader.Name} must be one cache=partition:offset, or several separated by commas, as in "
        + "users=3:1042, sessions=0:77. "
        + "In a cache's name, commas, equals signs, percent signs, spaces and non-ASCII characters must be percent-encoded.";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger("KafkaCache.Positions");

    // The caches are resolved at the first request, because resolving them when the pipeline is built would create them too early.
    private readonly Lazy<Dictionary<string, IKafkaCache>> _caches = new(() => CachesByName(services));

    public async Task InvokeAsync(HttpContext context)
    {
        if (PositionsHeader.Parse(context.Request.Headers[PositionsHeader.Name]) is not { } positions)
        {
            await MalformedAsync(context);
            return;
        }

        if (positions.Count > 0 && await PositionWaits.FirstUnmetAsync(_caches.Value, positions, context.RequestAborted) is { } unmet)
        {
            await UnmetAsync(context, unmet);
            return;
        }

        var written = WrittenPositions.Gather();
        if (!context.Response.HasStarted)
            context.Response.OnStarting(() => ShowAsync(context, written));

        await next(context);
    }

    private static Dictionary<string, IKafkaCache> CachesByName(IServiceProvider services)
    {
        var caches = new Dictionary<string, IKafkaCache>(StringComparer.Ordinal);
        foreach (var cache in services.GetServices<IKafkaCache>())
            caches.TryAdd(cache.Name, cache);
        return caches;
    }

    private async Task ShowAsync(HttpContext context, WrittenPositions written)
    {
        // A client that has disconnected needs no positions, so its writes are not awaited.
        var positions = context.RequestAborted.IsCancellationRequested ? [] : await written.SnapshotAsync();
        if (positions.Count == 0)
            return;
        if (positions.Count > PositionsHeader.MaxPositions)
            Log.PositionsLeftOut(_logger, positions.Count, PositionsHeader.MaxPositions);

        // The positions are appended to those that the response may already have, from a service that the request has called.
        context.Response.Headers.Append(PositionsHeader.Name, PositionsHeader.Format(positions.Take(PositionsHeader.MaxPositions)));
    }

    // The response quotes no part of the malformed header.
    private static Task MalformedAsync(HttpContext context) =>
        TypedResults.Problem(
            $"{Form} The header may contain at most {PositionsHeader.MaxPositions} positions.", statusCode: StatusCodes.Status400BadRequest,
            title: $"{PositionsHeader.Name} is malformed").ExecuteAsync(context);

    private static Task UnmetAsync(HttpContext context, UnmetPosition unmet)
    {
        if (unmet.MayBeMet)
            context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(unmet.Why, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not applied here")
            .ExecuteAsync(context);
    }
}
