using KafkaCaching.Demo.Topics;
using Microsoft.AspNetCore.Http.Metadata;

namespace KafkaCaching.Demo;

/// <summary>Serves the status of the caches as JSON, for scripts, and the list of routes.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (EndpointDataSource endpoints) => string.Concat(endpoints.Endpoints.OfType<RouteEndpoint>().Select(Line)))
            .WithSummary("this list");
        routes.MapGet("/topics", (IEnumerable<IKafkaCache> caches) => caches.Select(Show)).WithSummary("the status of every cache");
        routes.MapGet("/topics/{topic}", (string topic, string? prefix, IEnumerable<IKafkaCache> caches) =>
                caches.FirstOrDefault(cache => cache.Topic == topic) is not { } cache ? Results.NotFound()
                : prefix is null ? Results.Json(Show(cache))
                : TopicKeys.Of(cache, prefix))
            .WithSummary("the status of one cache, with its partitions; ?prefix= lists the first keys that begin with it");
    }

    private static object Show(IKafkaCache cache)
    {
        var status = cache.Status;
        return new
        {
            cache.Topic,
            status.Phase,
            status.Progress,
            status.EstimatedTimeToReady,
            status.Entries,
            status.MemoryBytes,
            status.RecordsApplied,
            status.RecordsPerSecond,
            status.RecordErrors,
            status.Reason,
            Fault = status.FaultText,
            status.Partitions,
        };
    }

    private static string Line(RouteEndpoint endpoint)
    {
        var methods = string.Join('|', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [HttpMethods.Get]);
        return endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is { } summary
            ? $"{methods,-9} {endpoint.RoutePattern.RawText,-24} {summary.Summary}\n"
            : "";
    }
}
