namespace KafkaCaching.Demo.Http;

/// <summary><c>GET /topics</c> and <c>GET /topics/{topic}</c>: where the caches stand.</summary>
internal static class StatusEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<IKafkaCache> caches)
    {
        var byTopic = caches.ToDictionary(cache => cache.Topic, StringComparer.Ordinal);

        routes.MapRead("/topics", () => new JsonAnswer(caches.Select(StatusView.Of)), "where every cache stands");

        routes.MapRead("/topics/{topic}", Status, "where one cache stands, with its partitions");

        IResult Status(string topic) =>
            byTopic.TryGetValue(topic, out var cache) ? new JsonAnswer(StatusView.Of(cache)) : NotServed(byTopic.Keys);
    }

    public static Problem NotServed(IEnumerable<string> topics) =>
        new(StatusCodes.Status404NotFound, "Topic not served", $"This demo serves: {string.Join(", ", topics)}. Start it with --topic NAME for another.");
}
