using System.Text.Json.Serialization;

namespace KafkaCaching.Demo.Http;

/// <summary>What a <c>PUT</c> or a <c>DELETE</c> answers.</summary>
internal sealed record PutAnswer(
    int Partition,
    long Offset,
    bool Applied,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null)
{
    /// <summary>Runs a put with the wait that <c>?wait=</c> names.</summary>
    public static async Task<IResult> RunAsync(HttpContext context, Func<PutWait, CancellationToken, Task<PutResult>> put)
    {
        if (!TryReadWait(context.Request.Query["wait"], out var wait))
            return new Problem(StatusCodes.Status400BadRequest, "Unknown wait", "?wait= is acknowledged (the default) or applied.");

        var grace = context.RequestServices.GetRequiredService<StopGrace>();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, grace.Over);
        try
        {
            var result = await put(wait, cancelled.Token);
            return Answer(StatusCodes.Status200OK, result, applied: wait == PutWait.Applied);
        }
        catch (PutException exception) when (exception is { Outcome: PutOutcome.Committed, Result: { } result })
        {
            // It is in the log; only the wait for its apply ended. That is an acceptance, not a failure to be repeated.
            return Answer(StatusCodes.Status202Accepted, result, applied: false, OneLine.Of(exception));
        }
    }

    private static JsonAnswer Answer(int status, PutResult result, bool applied, string? detail = null) =>
        new JsonAnswer(new PutAnswer(result.Partition, result.Offset, applied, detail), status);

    private static bool TryReadWait(string? text, out PutWait wait)
    {
        wait = text is "applied" ? PutWait.Applied : PutWait.Acknowledged;
        return text is null or "" or "acknowledged" or "applied";
    }
}
