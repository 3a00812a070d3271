using System.Diagnostics;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>Adds an event to the caller's span for each read of a cached query, if the span is recorded. The event shows whether the cache
/// answered, and contains no SQL, key or value. The database commands of a miss are spans of the provider inside the same span.</summary>
internal sealed class QueryTracing(string cache, string query)
{
    private const string Name = "kafkacache.ef.query";

    // The tags are shared, so that a hit allocates none.
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
