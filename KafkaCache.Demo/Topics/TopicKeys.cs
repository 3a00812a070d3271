using System.Text;

namespace KafkaCaching.Demo.Topics;

/// <summary>The first keys of a topic that begin with a prefix, in their order, as text.</summary>
internal static class TopicKeys
{
    private const int MaxKeys = 100;

    public static IResult Of(IKafkaCache cache, string prefix)
    {
        if (cache is not IReadOnlyKafkaCache<byte[], byte[]> topic)
        {
            return Results.Problem(
                $"The keys of {cache.Topic} are not text, so they have no prefixes.", statusCode: StatusCodes.Status400BadRequest);
        }

        var keys = topic.ScanPrefix(Encoding.UTF8.GetBytes(prefix)).Take(MaxKeys).Select(static pair => Encoding.UTF8.GetString(pair.Key));
        return Results.Json(keys);
    }
}
