using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>The changes that a source has read but has not written yet. The memory per table is bounded, however many changes there are.
/// Not thread-safe.</summary>
public sealed class ChangedRows
{
    private readonly int _maxRows;

    /// <param name="maxRows">The maximum number of row tags per table. If a table has more, its rows count as unknown.</param>
    internal ChangedRows(int maxRows) => _maxRows = maxRows;

    internal MarkSet Marks { get; } = new();

    /// <summary>Adds the change of a row.</summary>
    /// <remarks>
    /// <para>Pass the values as Entity Framework sends them to the database: equal values must have the same form, and whole numbers may
    /// have any whole-number type. Columns for which <see cref="ChangedTable.TypeOf"/> returns <see langword="null"/> are ignored.</para>
    /// <para>Leave out a value that the stream may have in another form, such as a rounded time or padded text. A missing value only causes
    /// more reads, whereas a different value would leave outdated results in the cache.</para>
    /// </remarks>
    /// <param name="table">The table.</param>
    /// <param name="before">The columns and values that the row had; <see langword="null"/> if it is new. The value of a missing column is
    /// unknown.</param>
    /// <param name="after">The columns and values that the row has now; <see langword="null"/> if it was deleted. The value of a missing
    /// column is unknown.</param>
    public void Add(ChangedTable table, IReadOnlyDictionary<string, object?>? before, IReadOnlyDictionary<string, object?>? after)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.AddTo(Marks, before, after, _maxRows);
    }

    /// <summary>Adds unknown rows of a table: all results that read it are invalidated.</summary>
    /// <param name="table">The name of the table in the database, without its schema. The table need not be in the model.</param>
    public void AddUnknown(string table)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        Marks.AddUnknownRows(TableNames.Of(table));
    }

    /// <summary>Removes all changes, so that the object can be reused.</summary>
    public void Clear() => Marks.Clear();
}
