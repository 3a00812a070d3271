using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>The changes that a source has read and not written yet. However many they are, it takes a bounded amount of memory for each
/// table. It may be used by one thread at a time.</summary>
public sealed class ChangedRows
{
    private readonly int _most;

    /// <param name="most">How many tags of rows a table may have, before its rows count as unknown.</param>
    internal ChangedRows(int most) => _most = most;

    internal MarkSet Marks { get; } = new();

    /// <summary>Adds the change of a row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="before">The columns whose values the row had; <see langword="null"/> if it is new.</param>
    /// <param name="after">The columns whose values it has; <see langword="null"/> if it is deleted. A column that is missing in one of the
    /// two has a value that is not known. Only columns that have a <see cref="ChangedTable.TypeOf"/> count, and their values are given as
    /// Entity Framework sends them to the database: equal values alike, and whole numbers in any whole-number type. Leave out a value that
    /// the stream may have in another form, such as a rounded time or padded text: a missing value costs reads, and a different one would
    /// leave old results.</param>
    public void Add(ChangedTable table, IReadOnlyDictionary<string, object?>? before, IReadOnlyDictionary<string, object?>? after)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.AddTo(Marks, before, after, _most);
    }

    /// <summary>Adds rows that are not known: all results that read the table are invalidated.</summary>
    /// <param name="table">The table, as the database names it, without its schema. It may or may not be in the model.</param>
    public void AddUnknown(string table)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        Marks.AddUnknownRows(TableNames.Of(table));
    }

    /// <summary>Removes all changes, so that the object can be used again.</summary>
    public void Clear() => Marks.Clear();
}
