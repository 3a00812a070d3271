using System.ComponentModel;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>The rows that a command returned, as Entity Framework read them. Immutable.</summary>
/// <param name="columns">The names of the columns.</param>
/// <param name="rows">The number of rows.</param>
/// <param name="cells">The cells of all rows, one after the other.</param>
[ImmutableObject(true)]
internal sealed class CachedRows(string[] columns, int rows, ReadOnlyMemory<byte> cells)
{
    public string[] Columns => columns;

    public int Count => rows;

    public ReadOnlyMemory<byte> Cells => cells;
}
