using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.EntityFrameworkCore.Invalidation;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>The instruments of all caches of one meter factory. All of them are observable: their values are read from the caches when they
/// are collected. The only tags are the cache, its topic, the query's name and the outcome.</summary>
internal sealed class EfMetrics
{
    private static readonly QueryOutcome[] Outcomes = Enum.GetValues<QueryOutcome>();
    private static readonly string[] OutcomeNames = [.. Outcomes.Select(static outcome => outcome.ToString().ToLowerInvariant())];
    private static readonly PerMeterFactory<EfMetrics> Sets = new(KafkaEfCache.MeterName, static meter => new EfMetrics(meter));

    private readonly ObservedSet<Observed> _caches = new();

    private EfMetrics(Meter meter)
    {
        meter.CreateObservableCounter(
            "kafkacache.ef.queries", Reads, "{read}", "Reads of cached queries, by the query's name and how they ended.");
        meter.CreateObservableCounter(
            "kafkacache.ef.database.duration", () => Seconds(static query => query.DatabaseTime), "s",
            "Time that the database took for misses, by the query's name.");
        meter.CreateObservableCounter(
            "kafkacache.ef.database.saved", () => Seconds(static query => query.SavedTime), "s",
            "Time that the database would have taken for hits, by the query's name.");
        meter.CreateObservableGauge(
            "kafkacache.ef.invalidation.overdue", Overdue, "s",
            "Time for which the invalidation of some commit could not be written; 0 while all of them are written.");
    }

    public static EfMetrics For(IMeterFactory? factory) => Sets.For(factory);

    /// <summary>Includes a cache in the metrics until the returned object is disposed of.</summary>
    public IDisposable Add(string name, string topic, QueryCatalog queries, MarkWriter marks) =>
        _caches.Add(new Observed(name, topic, queries, marks));

    private IEnumerable<Measurement<long>> Reads()
    {
        foreach (var cache in _caches.All)
        {
            foreach (var query in cache.Queries.All)
            {
                for (var i = 0; i < Outcomes.Length; i++)
                    yield return new Measurement<long>(
                        query.Total(Outcomes[i]), [.. cache.TagsOf(query), new KeyValuePair<string, object?>("outcome", OutcomeNames[i])]);
            }
        }
    }

    private IEnumerable<Measurement<double>> Seconds(Func<QueryCounts, TimeSpan> time)
    {
        foreach (var cache in _caches.All)
        {
            foreach (var query in cache.Queries.All)
                yield return new Measurement<double>(time(query).TotalSeconds, cache.TagsOf(query));
        }
    }

    private IEnumerable<Measurement<double>> Overdue()
    {
        foreach (var cache in _caches.All)
            yield return new Measurement<double>(cache.Marks.Overdue.TotalSeconds, cache.Tags);
    }

    private sealed class Observed(string name, string topic, QueryCatalog queries, MarkWriter marks)
    {
        public QueryCatalog Queries => queries;

        public MarkWriter Marks => marks;

        public KeyValuePair<string, object?>[] Tags { get; } = [new("cache", name), new("topic", topic)];

        public KeyValuePair<string, object?>[] TagsOf(QueryCounts query) => [.. Tags, new("query", query.Name)];
    }
}
