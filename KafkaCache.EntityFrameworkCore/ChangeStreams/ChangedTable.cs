using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A table of the model as a change stream sees it, with the columns that determine the tags of a row.</summary>
public sealed class ChangedTable
{
    private readonly List<string[]> _keys = [];
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type?> _types = new(StringComparer.Ordinal);

    /// <param name="name">The name of the table in tags.</param>
    /// <param name="cascades">The tables to which the database cascades a deletion.</param>
    internal ChangedTable(string name, IReadOnlyList<string> cascades) => (Name, Cascades) = (name, cascades);

    /// <summary>The name of the table, in lower case and without its schema.</summary>
    public string Name { get; }

    /// <summary>The tables in which the database itself deletes or changes rows when rows of this table are deleted. Some databases, such
    /// as MySQL, don't log these changes.</summary>
    public IReadOnlyList<string> Cascades { get; }

    /// <summary>The type in which Entity Framework sends the values of a column to the database.</summary>
    /// <param name="column">The name of the column in the database.</param>
    /// <returns>The type, which is neither nullable nor an enum; <see langword="null"/> if the value of the column does not matter, or if
    /// it is sent in more than one type.</returns>
    public Type? TypeOf(string column) => _types.GetValueOrDefault(column);

    /// <summary>Whether a column is part of the primary key.</summary>
    /// <param name="column">The name of the column in the database.</param>
    /// <returns>Whether the model has a primary key of this table that contains the column.</returns>
    public bool IsInKey(string column) => _keys.Exists(key => key.Contains(column, StringComparer.Ordinal));

    /// <summary>Adds the columns of a primary key, in the order of the key.</summary>
    internal void AddKey(IReadOnlyList<(string Column, Type Type)> columns)
    {
        string[] key = [.. columns.Select(static column => column.Column)];
        if (!_keys.Exists(known => known.SequenceEqual(key, StringComparer.Ordinal)))
            _keys.Add(key);
        foreach (var (column, type) in columns)
            Add(column, type);
    }

    internal void AddDeclared(string column, Type type)
    {
        _declared.Add(column);
        Add(column, type);
    }

    /// <summary>Adds the tags of a change.</summary>
    /// <param name="marks">The set to which the tags are added.</param>
    /// <param name="before">The columns and values that the row had; <see langword="null"/> if it is new.</param>
    /// <param name="after">The columns and values that it has now; <see langword="null"/> if it was deleted. If a column is missing in one
    /// of the two, its value there is unknown.</param>
    /// <param name="maxRows">The maximum number of row tags per table. If a table has more, its rows count as unknown.</param>
    internal void AddTo(
        MarkSet marks, IReadOnlyDictionary<string, object?>? before, IReadOnlyDictionary<string, object?>? after, int maxRows)
    {
        if (_keys.Count == 0)
            marks.AddUnknownRows(Name);
        foreach (var row in (ReadOnlySpan<IReadOnlyDictionary<string, object?>?>)[before, after])
        {
            if (row is not null)
                Add(marks, row, maxRows);
        }
    }

    private void Add(MarkSet marks, IReadOnlyDictionary<string, object?> row, int maxRows)
    {
        foreach (var key in _keys)
        {
            if (Array.TrueForAll(key, row.ContainsKey))
                marks.AddRow(Name, Tags.OfRow(Name, [.. key.Select(column => row[column])]), maxRows);
            else
                marks.AddUnknownRows(Name);
        }

        foreach (var column in _declared)
        {
            if (row.TryGetValue(column, out var value))
                marks.AddRow(Name, Tags.OfValue(Name, column, value), maxRows);
            else
                marks.AddUnknownRows(Name);
        }
    }

    private void Add(string column, Type type)
    {
        if (!_types.TryAdd(column, type) && _types[column] != type)
            _types[column] = null;
    }
}
