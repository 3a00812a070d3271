using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A query whose results are cached as objects, created by <see cref="CachedQuery"/>. Its members can be called from any number of
/// threads at once, each with its own context.</summary>
/// <typeparam name="TContext">The type of the context.</typeparam>
/// <typeparam name="TParameter">The type of the parameter.</typeparam>
/// <typeparam name="TResult">The type of the elements.</typeparam>
public sealed class CachedQuery<TContext, TParameter, TResult>
    where TContext : DbContext
{
    private readonly QueryForms<TParameter, TResult> _forms;

    internal CachedQuery(QueryForms<TParameter, TResult> forms) => _forms = forms;

    /// <summary>Reads all elements, from the cache or, on a miss, from the database. Each caller gets its own detached entities; saving one
    /// of them throws. Immutable objects are shared by all callers.</summary>
    /// <remarks>Inside a transaction, the query reads the database. Callers that miss the same result at the same time share one read of
    /// the database.</remarks>
    /// <param name="context">A context with <c>UseKafkaCache</c>.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The elements, as a read-only list.</returns>
    /// <exception cref="InvalidOperationException">The context has no cache, or the query can't be cached.</exception>
    /// <exception cref="NotSupportedException">A parameter can't be part of a key.</exception>
    public ValueTask<IReadOnlyList<TResult>> ToListAsync(
        TContext context, TParameter parameter, CancellationToken cancellationToken = default) =>
        ResultReader.Of(context).ReadAsync(_forms.All, parameter, cancellationToken);

    /// <summary>Reads the first element, from the cache or, on a miss, from the database. It is cached separately from the result of
    /// <see cref="ToListAsync"/>.</summary>
    /// <inheritdoc cref="ToListAsync"/>
    /// <returns>The element; the default of its type if there is none.</returns>
    public ValueTask<TResult?> FirstOrDefaultAsync(
        TContext context, TParameter parameter, CancellationToken cancellationToken = default) =>
        ResultReader.Of(context).ReadFirstAsync(_forms.First, parameter, cancellationToken);

    /// <summary>Counts the elements, from the cache or, on a miss, from the database. The count is cached separately from the result of
    /// <see cref="ToListAsync"/>.</summary>
    /// <inheritdoc cref="ToListAsync"/>
    /// <returns>The count.</returns>
    public ValueTask<int> CountAsync(TContext context, TParameter parameter, CancellationToken cancellationToken = default) =>
        ResultReader.Of(context).ReadFirstAsync(_forms.Count, parameter, cancellationToken);
}
