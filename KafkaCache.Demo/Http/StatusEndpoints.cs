namespace KafkaCaching.Demo.Http;

/// <summary><c>GET /topics</c> and <c>GET /topics/{topic}</c>: where the caches stand.</summary>
internal static class StatusEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<ServedCache> caches)
    {
        var byTopic = caches.ToDictionary(cache => cache.Topic, StringComparer.Ordinal);

        routes.MapGet("/topics", () => Results.Json(caches.Select(StatusView.Of)))
            .WithSummary("where every cache stands");

        routes.MapGet("/topics/{topic}", (string topic) => byTopic.TryGetValue(topic, out var cache) ? Results.Json(StatusView.Of(cache)) : NotServed(byTopic.Keys))
            .WithSummary("where one cache stands, with its partitions");
    }

    public static Problem NotServed(IEnumerable<string> topics) =>
        new(StatusCodes.Status404NotFound, "Topic not served", $"This demo serves: {string.Join(", ", topics)}. Start it with --topic NAME for another.");
}
