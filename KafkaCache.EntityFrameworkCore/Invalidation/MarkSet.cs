using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>A set of tags to invalidate, with a limit on the number of row tags per table.</summary>
internal sealed class MarkSet
{
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _rows = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Tags => [.. _tags, .. _rows.Values.SelectMany(static rows => rows)];

    /// <summary>Adds the tags for unknown rows of a table.</summary>
    public void AddUnknownRows(string table)
    {
        _tags.Add(Tables.Tags.OfTable(table));
        _tags.Add(Tables.Tags.OfUnknownRows(table));
        _rows.Remove(table);
    }

    /// <summary>Adds the tag of a row or of one of its values.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="maxRows">The maximum number of such tags per table. If a table has more, its rows count as unknown.</param>
    public void AddRow(string table, string tag, int maxRows)
    {
        _tags.Add(Tables.Tags.OfTable(table));
        if (_tags.Contains(Tables.Tags.OfUnknownRows(table)))
            return;
        if (!_rows.TryGetValue(table, out var rows))
            _rows[table] = rows = new HashSet<string>(StringComparer.Ordinal);
        rows.Add(tag);
        if (rows.Count > maxRows)
            AddUnknownRows(table);
    }

    /// <summary>Adds the tags of another set, with the same limit per table as in <see cref="AddRow"/>.</summary>
    public void Add(MarkSet other, int maxRows)
    {
        _tags.UnionWith(other._tags);
        foreach (var (table, rows) in other._rows)
        {
            foreach (var row in rows)
                AddRow(table, row, maxRows);
        }
    }

    public void Clear()
    {
        _tags.Clear();
        _rows.Clear();
    }
}
