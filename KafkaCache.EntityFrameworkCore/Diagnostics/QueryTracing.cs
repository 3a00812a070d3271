using System.Diagnostics;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>Adds an event to the caller's span for each read of a cached query, if somebody records the span: whether the cache answered,
/// and no SQL, key or value. What a miss asks of the database is a span of the provider's inside the same one.</summary>
internal sealed class QueryTracing(string cache, string query)
{
    private const string Name = "kafkacache.ef.query";

    // A hit makes no tags of its own.
    private readonly ActivityTagsCollection[] _tags = [
        .. Enum.GetNames<QueryOutcome>().Select(outcome => new ActivityTagsCollection
        {
            ["kafkacache.cache"] = cache,
            ["kafkacache.ef.query"] = query,
            ["kafkacache.ef.outcome"] = outcome.ToLowerInvariant(),
        }),
    ];

    public void Note(QueryOutcome outcome)
    {
        if (Activity.Current is { Recorded: true } span)
            span.AddEvent(new ActivityEvent(Name, tags: _tags[(int)outcome]));
    }
}
