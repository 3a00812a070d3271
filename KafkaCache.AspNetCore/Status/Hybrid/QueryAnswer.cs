using KafkaCaching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>A query over a hybrid cache, identified by the name that the program has given it.</summary>
internal sealed record QueryAnswer(string Name, long Misses, double DatabaseSeconds, double SavedSeconds, double HitRate)
{
    private const int MaxQueries = 10;

    /// <summary>The queries of a cache whose misses have cost the most; none if the cache does not hold results of queries.</summary>
    public static IReadOnlyList<QueryAnswer> Costliest(IServiceProvider services, string cache) => [
        .. (services.GetKeyedService<IQueryStatistics>(cache)?.Queries ?? [])
            .OrderByDescending(static query => query.DatabaseTime)
            .ThenBy(static query => query.Name, StringComparer.Ordinal)
            .Take(MaxQueries)
            .Select(static query => new QueryAnswer(
                query.Name, query.Misses, query.DatabaseTime.TotalSeconds, query.SavedTime.TotalSeconds, query.HitRate)),
    ];
}
