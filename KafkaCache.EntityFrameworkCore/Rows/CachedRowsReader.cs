namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Reads cached rows as if they came from the database.</summary>
internal sealed class CachedRowsReader(CachedRows rows) : RowsReader
{
    private readonly int[] _starts = new int[rows.Columns.Length];
    private int _row = -1;
    private int _next;
    private bool _isClosed;

    public override int FieldCount => rows.Columns.Length;

    public override bool HasRows => rows.Count > 0;

    public override bool IsClosed => _isClosed;

    public override int RecordsAffected => -1;

    public override bool Read()
    {
        if (_row + 1 >= rows.Count)
        {
            _row = rows.Count;
            return false;
        }

        _row++;
        var cells = rows.Cells.Span;
        for (var i = 0; i < _starts.Length; i++)
        {
            _starts[i] = _next;
            Cells.Skip(cells, ref _next);
        }

        return true;
    }

    public override Task<bool> ReadAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<bool>(cancellationToken) : Task.FromResult(Read());

    public override bool NextResult() => false;

    public override Task<bool> NextResultAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public override bool IsDBNull(int ordinal) => Cells.IsNull(rows.Cells.Span, _starts[ordinal]);

    public override object GetValue(int ordinal) => Cell(ordinal) ?? DBNull.Value;

    public override string GetName(int ordinal) => rows.Columns[ordinal];

    public override int GetOrdinal(string name)
    {
        var at = Array.FindIndex(rows.Columns, column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at : throw new ArgumentException($"There is no column {name}.", nameof(name));
    }

    public override Type GetFieldType(int ordinal) =>
        _row >= 0 && _row < rows.Count && Cell(ordinal) is { } value ? value.GetType() : typeof(object);

    public override string GetDataTypeName(int ordinal) => GetFieldType(ordinal).Name;

    public override void Close() => _isClosed = true;

    protected override T Get<T>(int ordinal) => CellConversion.To<T>(Cell(ordinal));

    private object? Cell(int ordinal)
    {
        var at = _starts[ordinal];
        return Cells.Read(rows.Cells.Span, ref at);
    }
}
