using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The settings of a cached query.</summary>
internal sealed class QuerySettings
{
    /// <summary>The name of the query in metrics; <see langword="null"/> if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The maximum time that the result is served; <see langword="null"/> to use the setting of the cache.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The tables that the query reads through raw SQL, views or functions, which the model doesn't describe.</summary>
    public string[] DependsOn { get; init; } = [];

    /// <summary>The part of a table that the query reads; <see langword="null"/> if it is unknown.</summary>
    public ITablePart? Part { get; init; }

    /// <summary>The run whose whole result is cached; <see langword="null"/> if the rows of each command are cached separately.</summary>
    public ResultRun? Run { get; private init; }

    /// <summary>Returns the same settings for one run of a named query.</summary>
    public QuerySettings For(string name, ResultRun? run) =>
        new() { Name = name, TimeToLive = TimeToLive, DependsOn = DependsOn, Part = Part, Run = run };
}

/// <summary>Identifies the rows that a query can read.</summary>
internal interface ITablePart
{
    /// <summary>The tags that replace the tags of the whole tables, by table.</summary>
    /// <exception cref="InvalidOperationException">No tags exist for the part.</exception>
    IEnumerable<(string Table, string Tag)> TagsOf(DbContext context, ModelTables tables);
}

/// <summary>The rows of an entity with a given primary key.</summary>
internal sealed class RowPart(IEntityType type, object?[] key) : ITablePart
{
    public IEnumerable<(string Table, string Tag)> TagsOf(DbContext context, ModelTables tables) =>
        EntityTables.OfHierarchy(type).Select(table => (table, Tags.OfRow(table, key)));
}

/// <summary>The rows with a given value in a declared column.</summary>
internal sealed class ColumnPart(Type entity, string property, object? value) : ITablePart
{
    public IEnumerable<(string Table, string Tag)> TagsOf(DbContext context, ModelTables tables)
    {
        var type = context.Model.FindEntityType(entity) ?? throw new InvalidOperationException(
            $"By names {entity.Name}.{property}, and {entity.Name} is not an entity of {context.GetType().Name}. Write By on a query of "
            + $"entities, before Select.");
        (string, string)[] tags = [
            .. tables.ColumnsOf(type)?.Of(property).Select(column => (column.Table, column.TagOf(value))) ?? [],
        ];
        return tags.Length > 0 ? tags : throw new InvalidOperationException(
            $"By names {entity.Name}.{property}, which is not declared. Call DeclareColumn<{entity.Name}>(e => e.{property}) in "
            + "AddKafkaEfCache, in every process that writes the table.");
    }
}
