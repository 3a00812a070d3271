using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Options;
using KafkaCaching.EntityFrameworkCore.Queries;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>What a cached query says of its result.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
public sealed class CachedQueryBuilder<T>
{
    private TimeSpan? _timeToLive;
    private ColumnPart? _part;
    private string[] _dependsOn = [];

    internal CachedQueryBuilder()
    {
    }

    /// <summary>Sets how long the result is served at most.</summary>
    /// <param name="timeToLive">The time. Range: 1 second to <c>Hybrid.MaxTimeToLive</c>.</param>
    /// <returns>This builder.</returns>
    public CachedQueryBuilder<T> ExpireAfter(TimeSpan timeToLive)
    {
        _timeToLive = timeToLive;
        return this;
    }

    /// <summary>Says that the query reads only those rows of its table that have a value in a column. A commit that changes other rows
    /// then leaves the result in the cache. Other tables of the query count as a whole.</summary>
    /// <remarks>The query has to say the same in a <c>Where</c>; the cache can't check it.</remarks>
    /// <typeparam name="TColumn">The type of the column.</typeparam>
    /// <param name="column">The property, which <c>DeclareColumn</c> has declared.</param>
    /// <param name="value">The value.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="column"/> is not a property.</exception>
    /// <exception cref="InvalidOperationException">The query has said <c>By</c> already.</exception>
    public CachedQueryBuilder<T> By<TColumn>(Expression<Func<T, TColumn>> column, TColumn value)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (_part is not null)
            throw new InvalidOperationException("A query says By once. Name the column that leaves the fewest rows.");
        _part = new ColumnPart(typeof(T), PropertyNames.Of(column), value);
        return this;
    }

    /// <summary>Names the tables that the query reads through raw SQL, a view or a function.</summary>
    /// <param name="tables">Their names in the database, without their schemas.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is empty, or there is no table.</exception>
    public CachedQueryBuilder<T> DependsOn(params string[] tables)
    {
        TableNames.Require(tables, nameof(tables));
        _dependsOn = [.. _dependsOn, .. tables.Select(TableNames.Of)];
        return this;
    }

    internal QuerySettings Build() => new() { TimeToLive = _timeToLive, Part = _part, DependsOn = _dependsOn };
}
