using Confluent.Kafka;
using KafkaCaching.Hybrid;
using KafkaCaching.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace KafkaCaching.AspNetCore.Problems;

/// <summary>Describes an exception of a cache to the client. The exception's own message is only logged, because it is meant for the
/// developers of the service, and names options, brokers and topics.</summary>
internal sealed record CacheProblem(int Status, string Title, string Detail)
{
    /// <summary>The longest <c>Retry-After</c>. The estimate for a replay that has just begun can be far too high, and a client should not
    /// wait much longer than the cache needs.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WithoutEstimate = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait before a retry; <see langword="null"/> if a retry wouldn't help or might write twice.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Members in addition to the standard ones.</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; private init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Whether an exception comes from a cache, so that there is a problem for it.</summary>
    public static bool IsOfCache(Exception exception) => Of(exception, static _ => null) is not null;

    /// <param name="exception">Any exception.</param>
    /// <param name="timeToReady">Returns the estimated time until the cache with the given name is ready, or <see langword="null"/> if
    /// there is no estimate.</param>
    /// <returns>The problem, or <see langword="null"/> for an exception that doesn't come from a cache.</returns>
    public static CacheProblem? Of(Exception exception, Func<string, TimeSpan?> timeToReady) => exception switch
    {
        CacheNotReadyException notReady => NotReady(notReady, notReady.Cache is { } cache ? timeToReady(cache) : null),
        RefreshedCacheNotReadyException => new CacheProblem(
            StatusCodes.Status503ServiceUnavailable, "Not ready", "The service has not fetched its data yet. Try again later.")
        {
            RetryAfter = WithoutEstimate,
        },
        CacheFaultedException => new CacheProblem(
            StatusCodes.Status500InternalServerError, "Data can't be read",
            "The service can no longer read its data because of a fault that its operators must correct."),
        RecordErrorException record => new CacheProblem(
            StatusCodes.Status500InternalServerError, "Value can't be read",
            "There is a value, but the service can't read it. A new value fixes that.")
        {
            Extensions = Members(
                ("position", new CachePosition(record.Partition, record.Offset).ToString()), ("reason", record.Reason.ToString())),
        },
        PutException put => Put(put),
        OnlyIfCachedException => new CacheProblem(
            StatusCodes.Status504GatewayTimeout, "Not cached",
            "The request accepts only a cached answer (only-if-cached), and there is none."),
        _ => null,
    };

    private static CacheProblem NotReady(CacheNotReadyException exception, TimeSpan? estimate) => new(
        StatusCodes.Status503ServiceUnavailable,
        "Not ready",
        exception.Phase == CachePhase.Stale
            ? "The service has lost contact with the source of its data, and doesn't answer with old data."
            : "The service is still reading its data. Try again later.")
    {
        RetryAfter = estimate is { } time && time > TimeSpan.Zero ? Shortest(time, MaxWait) : WithoutEstimate,
        Extensions = Members(("phase", exception.Phase.ToString()), ("progress", exception.Progress)),
    };

    private static CacheProblem Put(PutException exception) => exception switch
    {
        { Refusal: PutRefusal.Size } or { InnerException: KafkaException { Error.Code: ErrorCode.MsgSizeTooLarge } } => new(
            StatusCodes.Status413PayloadTooLarge, "Too large", "The value is too large to be written. Nothing was written."),
        { Refusal: PutRefusal.Validation } => new(
            StatusCodes.Status422UnprocessableEntity, "Not valid", "The value breaks a rule of the service. Nothing was written."),
        { Outcome: PutOutcome.NotCommitted, InnerException: KafkaException } => new(
            StatusCodes.Status503ServiceUnavailable, "Not written",
            "Nothing was written. The same request may be sent again.") { RetryAfter = Soon, Extensions = Outcome(exception) },
        { Outcome: PutOutcome.NotCommitted } => new(
            StatusCodes.Status500InternalServerError, "Not written",
            "The service could not prepare the write. Nothing was written.") { Extensions = Outcome(exception) },
        { Outcome: PutOutcome.Unknown } => new(
            StatusCodes.Status504GatewayTimeout, "Outcome unknown",
            "The change may or may not have been written. Read before you write again.") { Extensions = Outcome(exception) },
        _ => new(
            StatusCodes.Status504GatewayTimeout, "Not readable yet",
            "The change was written and will become readable. There is no need to send it again.") { Extensions = Outcome(exception) },
    };

    private static Dictionary<string, object?> Outcome(PutException exception) =>
        Members(("outcome", exception.Outcome.ToString()), ("position", exception.Result?.Position.ToString()));

    private static Dictionary<string, object?> Members(params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            if (value is not null)
                all.Add(name, value);
        }

        return all;
    }

    private static TimeSpan Shortest(TimeSpan one, TimeSpan other) => one < other ? one : other;

    public ProblemDetails Details() => new()
    {
        Status = Status,
        Title = Title,
        Detail = Detail,
        Extensions = new Dictionary<string, object?>(Extensions, StringComparer.Ordinal),
    };
}
