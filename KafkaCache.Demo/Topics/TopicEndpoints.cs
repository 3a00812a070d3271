using KafkaCaching.Demo.Http;

namespace KafkaCaching.Demo.Topics;

/// <summary><c>/topics/{topic}/{key}</c>: any record of any topic, as its bytes.</summary>
internal sealed class TopicEndpoints(IReadOnlyDictionary<string, IReadOnlyKafkaCache<byte[], byte[]>> caches, bool writable)
{
    private const string Pattern = "/topics/{topic}/{**key}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead(Pattern, Get, "the value of a key");
        routes.MapPut(Pattern, (Delegate)PutAsync).WithSummary(writable ? "write the body as the value; ?wait=applied" : "refused: start with --writable");
        routes.MapDelete(Pattern, (Delegate)DeleteAsync).WithSummary(writable ? "write a tombstone; ?wait=applied" : "refused: start with --writable");
    }

    private IResult Get(HttpContext context)
    {
        if (!TryFind(context, out var cache, out var key, out var problem))
            return problem;
        if (!cache.TryGetEntry(key, out var entry))
            return new Problem(StatusCodes.Status404NotFound, "No such key", $"The topic {cache.Topic} has no value for this key. Percent-encode what is special in a path: %2F is a slash.");

        PositionHeaders.Set(context.Response, cache.Name, entry);
        return Results.Bytes(entry.Value, JsonText.IsJson(entry.Value) ? "application/json" : "application/octet-stream");
    }

    private async Task<IResult> PutAsync(HttpContext context)
    {
        if (!TryFindWritable(context, out var cache, out var key, out var problem))
            return problem;

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return await PutAnswer.RunAsync(context, (wait, cancelled) => cache.PutAsync(key, body.ToArray(), wait, cancelled));
    }

    private async Task<IResult> DeleteAsync(HttpContext context) =>
        TryFindWritable(context, out var cache, out var key, out var problem)
            ? await PutAnswer.RunAsync(context, (wait, cancelled) => cache.RemoveAsync(key, wait, cancelled))
            : problem;

    private bool TryFindWritable(HttpContext context, out IKafkaCache<byte[], byte[]> cache, out byte[] key, out IResult problem)
    {
        var found = TryFind(context, out var served, out key, out problem);
        cache = (served as IKafkaCache<byte[], byte[]>)!;
        if (!found || writable)
            return found;

        context.Response.Headers.Allow = "GET, HEAD";
        problem = new Problem(StatusCodes.Status405MethodNotAllowed, "Read-only", "This demo was started read-only. Start it with --writable to write.");
        return false;
    }

    private bool TryFind(HttpContext context, out IReadOnlyKafkaCache<byte[], byte[]> cache, out byte[] key, out IResult problem)
    {
        // Without a record path the target was another one, such as /topics/t, or /x/../topics/t/k, which only the server's own reading made match.
        if (context.Features.Get<RecordPath>() is not { } path)
        {
            (cache, key) = (null!, []);
            problem = new Problem(StatusCodes.Status404NotFound, "No key", "A record is at /topics/TOPIC/KEY.");
            return false;
        }

        var found = caches.TryGetValue(path.Topic, out var served);
        (cache, key) = (served!, path.Key);
        problem = StatusEndpoints.NotServed(caches.Keys);
        return found;
    }
}
