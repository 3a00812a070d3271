using System.Text;
using System.Text.Json;

namespace KafkaCaching.Demo.Topics;

/// <summary><c>/topics/{topic}/{key}</c>: the value of any record of any topic, as bytes. A slash in a key is not encoded. Keys that don't
/// work in a URL, such as <c>..</c> and <c>%2F</c>, keys that aren't UTF-8, and the key <c>watch</c> can be looked up on the status
/// page.</summary>
internal static class TopicEndpoints
{
    private const string Pattern = "/topics/{topic}/{**key}";

    public static void MapTopics(this IEndpointRouteBuilder routes, IEnumerable<string> topics, bool writable)
    {
        foreach (var topic in topics)
        {
            routes.MapKafkaCacheWatch<byte[], byte[]>($"/topics/{topic}/watch", topic)
                .WithSummary("the topic's entries and then its changes, as they happen, in base64");
        }

        routes.MapMethods(Pattern, [HttpMethods.Get, HttpMethods.Head], Get).WithSummary("the value of a key");
        if (!writable)
            return;
        routes.MapPut(Pattern, PutAsync).WithSummary("write the body as the value; ?wait=applied");
        routes.MapDelete(Pattern, DeleteAsync).WithSummary("write a tombstone; ?wait=applied");
    }

    private static IResult Get(string topic, string key, HttpResponse response, IServiceProvider services)
    {
        if (services.GetKeyedService<IReadOnlyKafkaCache<byte[], byte[]>>(topic) is not { } cache)
            return Results.NotFound();
        if (!cache.TryGetEntry(Encoding.UTF8.GetBytes(key), out var entry))
            return Results.NotFound();

        response.Headers["KafkaCache-Position"] = $"{cache.Name}={entry.Position}";
        response.Headers["KafkaCache-Timestamp"] = $"{entry.Timestamp:O}";

        // A browser must not interpret the value as a page, whatever program wrote it.
        response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(entry.Value, IsJson(entry.Value) ? "application/json" : "application/octet-stream");
    }

    private static async Task<IResult> PutAsync(
        string topic, string key, Wait? wait, Stream body, IServiceProvider services, CancellationToken cancelled)
    {
        if (services.GetKeyedService<IKafkaCache<byte[], byte[]>>(topic) is not { } cache)
            return Results.NotFound();

        using var value = new MemoryStream();
        await body.CopyToAsync(value, cancelled);
        var put = await cache.PutAsync(Encoding.UTF8.GetBytes(key), value.ToArray(), wait?.For ?? PutWait.Acknowledged, cancelled);
        return Results.Json(PutAnswer.Of(put));
    }

    private static async Task<IResult> DeleteAsync(
        string topic, string key, Wait? wait, IServiceProvider services, CancellationToken cancelled) =>
        services.GetKeyedService<IKafkaCache<byte[], byte[]>>(topic) is { } cache
            ? Results.Json(PutAnswer.Of(await cache.RemoveAsync(Encoding.UTF8.GetBytes(key), wait?.For ?? PutWait.Acknowledged, cancelled)))
            : Results.NotFound();

    private static bool IsJson(byte[] value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
