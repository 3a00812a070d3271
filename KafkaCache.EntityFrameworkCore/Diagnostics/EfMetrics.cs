using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>The instruments of all caches of one meter factory. All of them are observable: a scrape asks the caches. The only tags are the
/// cache, its topic, the query's name and the outcome.</summary>
internal sealed class EfMetrics
{
    private static readonly QueryOutcome[] Outcomes = Enum.GetValues<QueryOutcome>();
    private static readonly string[] OutcomeNames = [.. Outcomes.Select(static outcome => outcome.ToString().ToLowerInvariant())];
    private static readonly ConditionalWeakTable<IMeterFactory, Lazy<EfMetrics>> ByFactory = [];
    private static readonly Lazy<EfMetrics> OfTheProcess = new(static () => new EfMetrics(new Meter(KafkaEfCache.MeterName)));

    private readonly Lock _gate = new();
    private Observed[] _caches = [];

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
    }

    public static EfMetrics For(IMeterFactory? factory) => factory is null
        ? OfTheProcess.Value
        : ByFactory.GetValue(factory, static f => new Lazy<EfMetrics>(() => new EfMetrics(f.Create(KafkaEfCache.MeterName)))).Value;

    /// <summary>Shows a cache in the metrics until the returned object is disposed of.</summary>
    public IDisposable Add(string name, string topic, QueryCatalog queries)
    {
        var cache = new Observed(this, name, topic, queries);
        lock (_gate)
            _caches = [.. _caches, cache];
        return cache;
    }

    private IEnumerable<Measurement<long>> Reads()
    {
        foreach (var cache in _caches)
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
        foreach (var cache in _caches)
        {
            foreach (var query in cache.Queries.All)
                yield return new Measurement<double>(time(query).TotalSeconds, cache.TagsOf(query));
        }
    }

    private sealed class Observed(EfMetrics owner, string name, string topic, QueryCatalog queries) : IDisposable
    {
        public QueryCatalog Queries => queries;

        public KeyValuePair<string, object?>[] TagsOf(QueryCounts query) =>
            [new("cache", name), new("topic", topic), new("query", query.Name)];

        public void Dispose()
        {
            lock (owner._gate)
                owner._caches = Array.FindAll(owner._caches, cache => cache != this);
        }
    }
}
