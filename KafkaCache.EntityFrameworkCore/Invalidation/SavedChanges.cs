using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Update;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>What a <c>SaveChanges</c> changes, read before it is sent and again after: a row that is deleted has its values before, and one
/// that is added may get its key from the database.</summary>
internal sealed class SavedChanges(IEnumerable<IUpdateEntry> entries, ModelTables tables, int mostRows)
{
    // Entity Framework adds entries to its list as it saves, such as the owner of a document.
    private readonly (IUpdateEntry Entry, EntityState State)[] _entries = [.. entries.Select(static entry => (entry, entry.EntityState))];

    public MarkSet Marks { get; } = new();

    /// <exception cref="InvalidOperationException">An entity came from a cached query.</exception>
    public void Require()
    {
        foreach (var (entry, _) in _entries)
        {
            if (ReadOnlyResults.Has(entry.ToEntityEntry().Entity))
                throw new InvalidOperationException(
                    $"The {entry.EntityType.DisplayName()} to be saved came from a query with .Cached(), whose results are read-only: "
                    + $"they may be older than the database. Load it without .Cached() to change it.");
        }
    }

    public void AddBefore()
    {
        foreach (var (entry, state) in _entries)
        {
            if (state != EntityState.Added)
                Add(entry, static (entry, property) => entry.GetOriginalValue(property));
            if (state == EntityState.Deleted)
                AddCascades(entry.EntityType);
        }
    }

    public void AddAfter()
    {
        foreach (var (entry, state) in _entries)
        {
            if (state != EntityState.Deleted)
                Add(entry, static (entry, property) => entry.GetCurrentValue(property));
        }
    }

    private void Add(IUpdateEntry entry, Func<IUpdateEntry, IProperty, object?> value)
    {
        var key = RootKeys.Of(entry, value, out var type);

        // The database would have given the key, and the save has failed on the way.
        var isUnknown = entry.EntityType.FindPrimaryKey()?.Properties.Any(entry.HasTemporaryValue) == true;
        foreach (var table in EntityTables.Of(type))
        {
            if (key is null || isUnknown)
                Marks.AddUnknownRows(table);
            else
                Marks.AddRow(table, Tags.OfRow(table, key), mostRows);
        }

        foreach (var column in tables.ColumnsOf(entry.EntityType)?.All ?? [])
            Marks.AddRow(column.Table, column.TagOf(value(entry, column.Property)), mostRows);
    }

    private void AddCascades(IEntityType type)
    {
        foreach (var table in EntityTables.Of(type).SelectMany(tables.CascadesOf))
            Marks.AddUnknownRows(table);
    }
}
