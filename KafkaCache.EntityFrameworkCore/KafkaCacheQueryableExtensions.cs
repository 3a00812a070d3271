using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore.Query;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Caches the results of queries.</summary>
public static class KafkaCacheQueryableExtensions
{
    /// <summary>Reads the result of a query from the cache or, on a miss, from the database. The result is the same as that of a query
    /// without tracking: its entities are detached, and saving one of them throws.</summary>
    /// <remarks>Inside a transaction, the query reads the database.</remarks>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="source">The query of a context with <c>UseKafkaCache</c>.</param>
    /// <returns>The same query, cached.</returns>
    /// <exception cref="ArgumentException"><paramref name="source"/> is not a query of Entity Framework.</exception>
    public static IQueryable<T> Cached<T>(this IQueryable<T> source) => Cached(source, new QuerySettings());

    /// <inheritdoc cref="Cached{T}(IQueryable{T})"/>
    /// <param name="source">The query of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="timeToLive">The maximum time that the result is served. Range: 1 second to <c>Hybrid.MaxTimeToLive</c>.</param>
    public static IQueryable<T> Cached<T>(this IQueryable<T> source, TimeSpan timeToLive) =>
        Cached(source, new QuerySettings { TimeToLive = timeToLive });

    /// <inheritdoc cref="Cached{T}(IQueryable{T})"/>
    /// <param name="source">The query of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="configure">Sets how long the result is served, which part of a table the query reads, and what it depends on.</param>
    public static IQueryable<T> Cached<T>(this IQueryable<T> source, Action<CachedQueryBuilder<T>> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new CachedQueryBuilder<T>();
        configure(builder);
        return Cached(source, builder.Build());
    }

    /// <summary>Reads the result of a query from the database. This cancels an earlier call of <c>Cached</c> on the query, such as one
    /// inside a repository.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="source">The query.</param>
    /// <returns>The same query, not cached. Its results are tracked like those of any query.</returns>
    public static IQueryable<T> AsNoCache<T>(this IQueryable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var plain = CachedMarker.Without(source.Expression);
        return plain == source.Expression ? source : source.Provider.CreateQuery<T>(plain);
    }

    internal static IQueryable<T> Cached<T>(this IQueryable<T> source, QuerySettings query)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Provider is IAsyncQueryProvider provider
            ? provider.CreateQuery<T>(CachedMarker.Put<T>(source.Expression, query))
            : throw new ArgumentException(
                "The source is not a query of Entity Framework. Call .Cached() before ToList, AsEnumerable and the like.", nameof(source));
    }
}
