using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore.ChangeStreams;

/// <summary>A table of the model, as a change stream sees it: which of its columns decide on the tags of a row.</summary>
/// <param name="name">The name of the table in tags.</param>
internal sealed class ChangedTable(string name)
{
    private readonly List<string[]> _keys = [];
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type?> _types = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>The type in which Entity Framework sends a column to the database; <see langword="null"/> if the column decides on no tag,
    /// or is sent in more than one type.</summary>
    public Type? TypeOf(string column) => _types.GetValueOrDefault(column);

    /// <summary>Adds the columns of a primary key, in the order of the key.</summary>
    public void AddKey(IReadOnlyList<(string Column, Type Type)> columns)
    {
        string[] key = [.. columns.Select(static column => column.Column)];
        if (!_keys.Exists(known => known.SequenceEqual(key, StringComparer.Ordinal)))
            _keys.Add(key);
        foreach (var (column, type) in columns)
            Add(column, type);
    }

    public void AddDeclared(string column, Type type)
    {
        _declared.Add(column);
        Add(column, type);
    }

    /// <summary>Adds the tags of a change.</summary>
    /// <param name="marks">Where to.</param>
    /// <param name="before">The columns whose values the row had; <see langword="null"/> if it is new.</param>
    /// <param name="after">The columns whose values it has; <see langword="null"/> if it is deleted. A column that is missing in one of the
    /// two has a value that is not known.</param>
    /// <param name="most">How many tags of rows a table may have, before its rows count as unknown.</param>
    public void Add(MarkSet marks, IReadOnlyDictionary<string, object?>? before, IReadOnlyDictionary<string, object?>? after, int most)
    {
        if (_keys.Count == 0)
            marks.AddUnknownRows(name);
        foreach (var row in (ReadOnlySpan<IReadOnlyDictionary<string, object?>?>)[before, after])
        {
            if (row is not null)
                Add(marks, row, most);
        }
    }

    private void Add(MarkSet marks, IReadOnlyDictionary<string, object?> row, int most)
    {
        foreach (var key in _keys)
        {
            if (Array.TrueForAll(key, row.ContainsKey))
                marks.AddRow(name, Tags.OfRow(name, [.. key.Select(column => row[column])]), most);
            else
                marks.AddUnknownRows(name);
        }

        foreach (var column in _declared)
        {
            if (row.TryGetValue(column, out var value))
                marks.AddRow(name, Tags.OfValue(name, column, value), most);
            else
                marks.AddUnknownRows(name);
        }
    }

    private void Add(string column, Type type)
    {
        if (!_types.TryAdd(column, type) && _types[column] != type)
            _types[column] = null;
    }
}
