using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>Creates queries whose results are cached as objects: a hit neither generates SQL nor takes a connection from the
/// pool.</summary>
public static class CachedQuery
{
    /// <summary>Creates a query of a context.</summary>
    /// <remarks>The lambda is the whole query: it may use only its parameters, sets of the context and constants. It may call
    /// <c>.Cached(...)</c> to state how long the result is served, which part of a table the query reads, and what it depends on.</remarks>
    /// <typeparam name="TContext">The type of the context.</typeparam>
    /// <typeparam name="TResult">The type of the elements.</typeparam>
    /// <param name="name">The name of the query. It distinguishes two queries that are otherwise alike.</param>
    /// <param name="query">The query.</param>
    /// <returns>The query, to be kept in a static field.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static CachedQuery<TContext, TResult> Create<TContext, TResult>(
        string name, Expression<Func<TContext, IQueryable<TResult>>> query)
        where TContext : DbContext
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(query);
        return new(QueryForms<NoParameter, TResult>.Of(
            name, query, new Lazy<Func<DbContext, NoParameter, IQueryable<TResult>>>(() =>
            {
                var compiled = query.Compile();
                return (context, _) => compiled((TContext)context);
            })));
    }

    /// <summary>Creates a query of a context and a parameter. Pass several parameters as a tuple.</summary>
    /// <inheritdoc cref="Create{TContext, TResult}" path="/remarks"/>
    /// <typeparam name="TContext">The type of the context.</typeparam>
    /// <typeparam name="TParameter">The type of the parameter: text, a number, a time, a GUID, bytes, or a list or tuple of
    /// those.</typeparam>
    /// <typeparam name="TResult">The type of the elements.</typeparam>
    /// <param name="name">The name of the query. It distinguishes two queries that are otherwise alike.</param>
    /// <param name="query">The query.</param>
    /// <returns>The query, to be kept in a static field.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static CachedQuery<TContext, TParameter, TResult> Create<TContext, TParameter, TResult>(
        string name, Expression<Func<TContext, TParameter, IQueryable<TResult>>> query)
        where TContext : DbContext
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(query);
        return new(QueryForms<TParameter, TResult>.Of(
            name, query, new Lazy<Func<DbContext, TParameter, IQueryable<TResult>>>(() =>
            {
                var compiled = query.Compile();
                return (context, parameter) => compiled((TContext)context, parameter);
            })));
    }
}
