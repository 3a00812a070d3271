using System.Buffers;
using System.Data.Common;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Returns the rows of the database and records them. A cell is recorded with the type as which Entity Framework reads it, because
/// each provider has its own rules for such conversions. Columns that Entity Framework doesn't read are recorded as the provider returns
/// them.</summary>
/// <param name="inner">The reader of the database.</param>
/// <param name="maxBytes">The largest result to keep, in bytes.</param>
/// <param name="complete">Called when all rows have been read, with <see langword="null"/> if they are too large to keep. It is not called
/// if the reader is closed before that.</param>
internal sealed class RecordingReader(DbDataReader inner, long maxBytes, Action<CachedRows?> complete) : RowsReader
{
    private readonly ArrayBufferWriter<byte> _cells = new(1_024);
    private readonly object?[] _row = new object?[inner.FieldCount];
    private int _rows;
    private bool _isInRow;
    private bool _isKept = true;
    private bool _isComplete;

    public override int FieldCount => inner.FieldCount;

    public override bool HasRows => inner.HasRows;

    public override bool IsClosed => inner.IsClosed;

    public override int RecordsAffected => inner.RecordsAffected;

    public override int VisibleFieldCount => inner.VisibleFieldCount;

    public override bool Read()
    {
        KeepRow();
        return Began(inner.Read());
    }

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        KeepRow();
        return Began(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));
    }

    public override bool NextResult() => Dropped(inner.NextResult());

    public override async Task<bool> NextResultAsync(CancellationToken cancellationToken) =>
        Dropped(await inner.NextResultAsync(cancellationToken).ConfigureAwait(false));

    public override bool IsDBNull(int ordinal)
    {
        var isNull = inner.IsDBNull(ordinal);
        if (isNull)
            _row[ordinal] = DBNull.Value;
        return isNull;
    }

    public override object GetValue(int ordinal)
    {
        var value = inner.GetValue(ordinal);
        _row[ordinal] = Cells.Copy(value);
        return value;
    }

    public override string GetName(int ordinal) => inner.GetName(ordinal);

    public override int GetOrdinal(string name) => inner.GetOrdinal(name);

    public override Type GetFieldType(int ordinal) => inner.GetFieldType(ordinal);

    public override string GetDataTypeName(int ordinal) => inner.GetDataTypeName(ordinal);

    public override void Close() => inner.Close();

    public override Task CloseAsync() => inner.CloseAsync();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override T Get<T>(int ordinal)
    {
        var value = inner.GetFieldValue<T>(ordinal);
        _row[ordinal] = Cells.Copy(value);
        return value;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private bool Began(bool isRow)
    {
        _isInRow = isRow;
        if (!isRow && !_isComplete)
        {
            _isComplete = true;
            complete(_isKept
                ? new CachedRows([.. Enumerable.Range(0, FieldCount).Select(inner.GetName)], _rows, _cells.WrittenMemory)
                : null);
        }

        return isRow;
    }

    private void KeepRow()
    {
        if (!_isInRow || !_isKept)
            return;
        for (var i = 0; i < _row.Length; i++)
            Cells.Write(_cells, _row[i] ?? inner.GetValue(i));
        Array.Clear(_row);
        _rows++;
        _isKept = _cells.WrittenCount <= maxBytes;
    }

    // A query of Entity Framework reads one result set. A command with several result sets is not such a query, so its rows are not kept.
    private bool Dropped(bool hasMore)
    {
        _isKept &= !hasMore;
        return hasMore;
    }
}
