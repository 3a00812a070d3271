using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore.Query;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Caches the results of queries.</summary>
public static class KafkaCacheQueryableExtensions
{
    /// <summary>Reads the result of a query from the cache, or else from the database. The result is what the query gives without tracking;
    /// its entities are detached, and saving one of them throws.</summary>
    /// <remarks>Inside of a transaction, the query reads the database.</remarks>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="source">The query of a context with <c>UseKafkaCache</c>.</param>
    /// <returns>The same query, cached.</returns>
    /// <exception cref="ArgumentException"><paramref name="source"/> is no query of Entity Framework.</exception>
    public static IQueryable<T> Cached<T>(this IQueryable<T> source) => Cached(source, new QuerySettings());

    /// <inheritdoc cref="Cached{T}(IQueryable{T})"/>
    /// <param name="source">The query of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="timeToLive">How long the result is served at most. Range: 1 second to <c>Hybrid.MaxTimeToLive</c>.</param>
    public static IQueryable<T> Cached<T>(this IQueryable<T> source, TimeSpan timeToLive) =>
        Cached(source, new QuerySettings { TimeToLive = timeToLive });

    /// <inheritdoc cref="Cached{T}(IQueryable{T})"/>
    /// <param name="source">The query of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="configure">Says more of the result: how long it is served, which part of a table it is, what it depends on.</param>
    public static IQueryable<T> Cached<T>(this IQueryable<T> source, Action<CachedQueryBuilder<T>> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new CachedQueryBuilder<T>();
        configure(builder);
        return Cached(source, builder.Build());
    }

    internal static IQueryable<T> Cached<T>(this IQueryable<T> source, QuerySettings query)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Provider is IAsyncQueryProvider provider
            ? provider.CreateQuery<T>(CachedMarker.Put<T>(source.Expression, query))
            : throw new ArgumentException(
                "The source is no query of Entity Framework. Call .Cached() before ToList, AsEnumerable and the like.", nameof(source));
    }
}
