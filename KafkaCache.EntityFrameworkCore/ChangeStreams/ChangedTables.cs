using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>The tables of a model as a change stream sees them. Any number of threads may read them at once.</summary>
public sealed class ChangedTables
{
    private readonly Dictionary<string, ChangedTable> _tables = new(StringComparer.Ordinal);
    private readonly ModelTables _model;

    internal ChangedTables(IModel model, ModelTables tables)
    {
        _model = tables;
        Names = [.. model.GetRelationalModel().Tables.Select(static table => (table.Schema, table.Name)).Distinct()];
        foreach (var type in model.GetEntityTypes().Where(static type => !type.IsMappedToJson()))
        {
            foreach (var mapping in type.GetTableMappings())
                AddKey(type, mapping.Table);
            foreach (var column in tables.ColumnsOf(type)?.All ?? [])
                Of(column.Table).AddDeclared(column.Name, StoredValues.TypeOf(column.Property));
        }
    }

    /// <summary>The tables, by their schemas and names in the database.</summary>
    public IReadOnlyList<(string? Schema, string Name)> Names { get; }

    /// <summary>Finds a table of the model.</summary>
    /// <param name="table">The name of the table in the database, without its schema.</param>
    /// <returns>The table; <see langword="null"/> if the model has none of that name.</returns>
    public ChangedTable? Find(string table) => _tables.GetValueOrDefault(TableNames.Of(table));

    private void AddKey(IEntityType type, ITable table)
    {
        if (type.FindPrimaryKey() is not { } key)
            return;
        (string, Type)[] columns = [
            .. key.Properties.Select(property => (Column: table.FindColumn(property)?.Name, Type: StoredValues.TypeOf(property)))
                .Where(static column => column.Column is not null).Select(static column => (column.Column!, column.Type)),
        ];
        if (columns.Length == key.Properties.Count)
            Of(TableNames.Of(table.Name)).AddKey(columns);
    }

    private ChangedTable Of(string table) => _tables.TryGetValue(table, out var known)
        ? known
        : _tables[table] = new ChangedTable(table, _model.CascadesOf(table));
}
