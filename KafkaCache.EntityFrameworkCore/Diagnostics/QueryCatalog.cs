using System.Collections.Concurrent;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>The queries of a cache, by the names that the program gives them. Each query has its own metric series, so their number is
/// limited. If a program generates names, for example from values, the queries beyond the limit are counted together.</summary>
internal sealed class QueryCatalog(string cache)
{
    public const string Unnamed = "(unnamed)";
    public const string Others = "(others)";
    private const int MaxNames = 200;

    private readonly ConcurrentDictionary<string, QueryCounts> _byName = new(StringComparer.Ordinal);
    private readonly QueryCounts _unnamed = new(cache, Unnamed);
    private readonly QueryCounts _others = new(cache, Others);
    private readonly Lock _gate = new();

    /// <summary>The queries that have been read at least once.</summary>
    public IEnumerable<QueryCounts> All => _byName.Values.Append(_unnamed).Append(_others).Where(static query =>
        query.Total(QueryOutcome.Hit) + query.Total(QueryOutcome.Miss) + query.Total(QueryOutcome.Bypassed) > 0);

    public QueryCounts Of(string? name) =>
        name is null ? _unnamed : _byName.TryGetValue(name, out var known) ? known : Add(name);

    private QueryCounts Add(string name)
    {
        lock (_gate)
            return _byName.Count < MaxNames ? _byName.GetOrAdd(name, added => new QueryCounts(cache, added)) : _others;
    }
}
