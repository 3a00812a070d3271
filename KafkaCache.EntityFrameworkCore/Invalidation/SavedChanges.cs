using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Update;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The changes of one <c>SaveChanges</c> call. They are read before and after the save: the values of a deleted row are known only
/// before it, and a key that the database generates only after it.</summary>
internal sealed class SavedChanges(IEnumerable<IUpdateEntry> entries, ModelTables tables, int maxRows)
{
    // The entries are copied, because Entity Framework adds to its list during the save, for example the owner of a document.
    private readonly (IUpdateEntry Entry, EntityState State)[] _entries = [.. entries.Select(static entry => (entry, entry.EntityState))];

    public MarkSet Marks { get; } = new();

    /// <exception cref="InvalidOperationException">An entity came from a cached query.</exception>
    public void Require()
    {
        foreach (var entry in _entries.SelectMany(static saved => WithReplaced(saved.Entry)))
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
                AddOld(entry);
            if (entry.SharedIdentityEntry is { } replaced)
                AddReplaced(entry, replaced);

            AddColumnsOfOthers(entry);
            if (state == EntityState.Deleted)
                AddCascades(entry.EntityType);
        }
    }

    public void AddAfter()
    {
        foreach (var (entry, state) in _entries)
            AddNew(Marks, entry, state, IsTemporary);
    }

    /// <summary>The marks as far as they are known before the save. A row counts as unknown if the database will generate its
    /// values.</summary>
    public MarkSet Expected()
    {
        var expected = new MarkSet();
        expected.Add(Marks, maxRows);
        foreach (var (entry, state) in _entries)
            AddNew(expected, entry, state, IsGiven);
        return expected;
    }

    private static IEnumerable<IUpdateEntry> WithReplaced(IUpdateEntry entry) =>
        entry.SharedIdentityEntry is { } replaced ? [entry, replaced] : [entry];

    // If the save failed before the database generated the value, it is still temporary.
    private static bool IsTemporary(IUpdateEntry entry, IProperty property) => entry.HasTemporaryValue(property);

    private static bool IsGiven(IUpdateEntry entry, IProperty property) =>
        entry.HasTemporaryValue(property) || entry.IsStoreGenerated(property);

    private static object? OriginalValue(IUpdateEntry entry, IProperty property) => entry.GetOriginalValue(property);

    private static object? CurrentValue(IUpdateEntry entry, IProperty property) => entry.GetCurrentValue(property);

    // If an entity was removed and another one with the same key was added, Entity Framework saves only the added one, by an update.
    private void AddReplaced(IUpdateEntry entry, IUpdateEntry replaced)
    {
        AddOld(replaced);

        // The row of a derived type may have a table of its own, from which it is deleted.
        if (replaced.EntityType != entry.EntityType)
            AddCascades(replaced.EntityType);
    }

    private void AddOld(IUpdateEntry entry)
    {
        AddRow(Marks, entry, OriginalValue, IsTemporary);
        AddColumns(Marks, entry, OriginalValue, IsTemporary);
    }

    // Entity Framework does not allow the primary key of a saved row to change, so only an added row has a new row tag.
    private void AddNew(MarkSet marks, IUpdateEntry entry, EntityState state, Func<IUpdateEntry, IProperty, bool> isUnknown)
    {
        if (state == EntityState.Added)
            AddRow(marks, entry, CurrentValue, isUnknown);
        if (state != EntityState.Deleted)
            AddColumns(marks, entry, CurrentValue, isUnknown);
    }

    private void AddRow(
        MarkSet marks, IUpdateEntry entry, Func<IUpdateEntry, IProperty, object?> value, Func<IUpdateEntry, IProperty, bool> isUnknown)
    {
        var key = RootKeys.Of(entry, value, out var type);
        var isKnown = key is not null && entry.EntityType.FindPrimaryKey()!.Properties.All(property => !isUnknown(entry, property));
        foreach (var table in EntityTables.Of(type))
        {
            if (isKnown)
                marks.AddRow(table, Tags.OfRow(table, key), maxRows);
            else
                marks.AddUnknownRows(table);
        }
    }

    private void AddColumns(
        MarkSet marks, IUpdateEntry entry, Func<IUpdateEntry, IProperty, object?> value, Func<IUpdateEntry, IProperty, bool> isUnknown)
    {
        foreach (var column in tables.ColumnsOf(entry.EntityType)?.All ?? [])
        {
            if (isUnknown(entry, column.Property))
                marks.AddUnknownRows(column.Table);
            else
                marks.AddRow(column.Table, column.TagOf(value(entry, column.Property)), maxRows);
        }
    }

    // A part of a row, such as an owned entity, doesn't have the row's declared columns. The values of those columns are certain only if
    // the owner is saved too, because the database then compares them with its own.
    private void AddColumnsOfOthers(IUpdateEntry part)
    {
        foreach (var table in tables.DeclaredByOthers(part.EntityType))
        {
            if (!IsSavedWithOwner(part))
                Marks.AddUnknownRows(table);
        }
    }

    private bool IsSavedWithOwner(IUpdateEntry part)
    {
        var entry = (InternalEntityEntry)part;
        while (entry.EntityType.FindOwnership() is { } ownership && entry.StateManager.FindPrincipal(entry, ownership) is { } owner)
        {
            if (tables.ColumnsOf(owner.EntityType) is not null)
                return owner.EntityState is EntityState.Added or EntityState.Modified or EntityState.Deleted;
            entry = owner;
        }

        return false;
    }

    private void AddCascades(IEntityType type)
    {
        foreach (var table in EntityTables.Of(type).SelectMany(tables.CascadesOf))
            Marks.AddUnknownRows(table);
    }
}
