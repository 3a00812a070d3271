using KafkaCaching.EntityFrameworkCore.Queries;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Reads entities by primary key through the cache.</summary>
public static class KafkaCacheDbSetExtensions
{
    /// <summary>Reads an entity by its primary key, from the cache or, on a miss, from the database. The entity is detached, and saving it
    /// throws. A commit that changes only other rows of its table leaves it in the cache.</summary>
    /// <remarks>The absence of a row is cached too. Entities that the context tracks are not considered.</remarks>
    /// <typeparam name="TEntity">The type of the entity.</typeparam>
    /// <param name="set">The set of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="keyValues">The values of the primary key, in the order of its properties.</param>
    /// <returns>The entity; <see langword="null"/> if there is none.</returns>
    /// <exception cref="ArgumentException">The values don't fit the primary key.</exception>
    public static Task<TEntity?> FindCachedAsync<TEntity>(this DbSet<TEntity> set, params object?[] keyValues)
        where TEntity : class =>
        FindCachedAsync(set, keyValues, CancellationToken.None);

    /// <inheritdoc cref="FindCachedAsync{TEntity}(DbSet{TEntity}, object?[])"/>
    /// <param name="set">The set of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="keyValues">The values of the primary key, in the order of its properties.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static Task<TEntity?> FindCachedAsync<TEntity>(
        this DbSet<TEntity> set, object?[] keyValues, CancellationToken cancellationToken)
        where TEntity : class =>
        KeyedArguments<TEntity>.Of(set, keyValues) is { } row
            ? ResultReader.Of(set).ReadFirstAsync(KeyedSource<TEntity>.Instance, row, cancellationToken).AsTask()
            : Task.FromResult<TEntity?>(null);

    /// <inheritdoc cref="FindCachedAsync{TEntity}(DbSet{TEntity}, object?[])"/>
    public static TEntity? FindCached<TEntity>(this DbSet<TEntity> set, params object?[] keyValues)
        where TEntity : class =>
        KeyedArguments<TEntity>.Of(set, keyValues) is { } row
            ? ResultReader.Of(set).ReadFirst(KeyedSource<TEntity>.Instance, row)
            : null;
}
