using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Options;
using KafkaCaching.EntityFrameworkCore.Queries;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>Builds the settings of a cached query.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
public sealed class CachedQueryBuilder<T>
{
    private string? _name;
    private TimeSpan? _timeToLive;
    private ColumnPart? _part;
    private string[] _dependsOn = [];

    internal CachedQueryBuilder()
    {
    }

    /// <summary>Names the query in metrics, in traces and on the status page. The name is a metric label, so it must be a fixed string in
    /// the program that contains no values. Several queries may share a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public CachedQueryBuilder<T> Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
        return this;
    }

    /// <summary>Sets the maximum time that the result is served.</summary>
    /// <param name="timeToLive">The time. Range: 1 second to <c>Hybrid.MaxTimeToLive</c>.</param>
    /// <returns>This builder.</returns>
    public CachedQueryBuilder<T> ExpireAfter(TimeSpan timeToLive)
    {
        _timeToLive = timeToLive;
        return this;
    }

    /// <summary>Declares that the query reads only those rows of its table that have a given value in a column. A commit that changes other
    /// rows then leaves the result in the cache. For its other tables, the query still counts as reading the whole table.</summary>
    /// <remarks>The query itself must have the same condition in a <c>Where</c>; the cache can't check it.</remarks>
    /// <typeparam name="TColumn">The type of the column.</typeparam>
    /// <param name="column">The property, which must be declared by <c>DeclareColumn</c>.</param>
    /// <param name="value">The value.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="column"/> is not a property.</exception>
    /// <exception cref="InvalidOperationException"><c>By</c> has already been called for this query.</exception>
    public CachedQueryBuilder<T> By<TColumn>(Expression<Func<T, TColumn>> column, TColumn value)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (_part is not null)
            throw new InvalidOperationException("A query can call By only once. Name the column that leaves the fewest rows.");
        _part = new ColumnPart(typeof(T), PropertyNames.Of(column), value);
        return this;
    }

    /// <summary>Names the tables that the query reads through raw SQL, a view or a function.</summary>
    /// <param name="tables">The names of the tables in the database, without their schemas.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is empty, or no tables are given.</exception>
    public CachedQueryBuilder<T> DependsOn(params string[] tables)
    {
        TableNames.Require(tables, nameof(tables));
        _dependsOn = [.. _dependsOn, .. tables.Select(TableNames.Of)];
        return this;
    }

    internal QuerySettings Build() => new() { Name = _name, TimeToLive = _timeToLive, Part = _part, DependsOn = _dependsOn };
}
