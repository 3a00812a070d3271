using NpgsqlTypes;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>The changes that have been read but not written yet. The size of a batch is limited by the number of tables, however large a
/// transaction is.</summary>
internal sealed class Batch(ChangedTables tables, ChangedRows rows)
{
    private const int MaxMessages = 5_000;

    private readonly HashSet<uint> _transactions = [];
    private int _messages;

    public ChangedRows Rows => rows;

    /// <summary>The transactions that have begun in this batch.</summary>
    public IReadOnlyCollection<uint> Transactions => _transactions;

    /// <summary>The end of the last transaction that has been read completely; <see langword="null"/> if there is none.</summary>
    public NpgsqlLogSequenceNumber? End { get; private set; }

    /// <summary>Whether acknowledging <see cref="End"/> also acknowledges a probe.</summary>
    public bool HasProbe { get; private set; }

    /// <summary>Whether the marks should be written when the stream pauses. The stream may pause within a transaction. If marks were
    /// written at each pause, the rows of a transaction might be marked one by one.</summary>
    public bool HasWholeTransaction => End is not null;

    /// <summary>Whether the marks should be written without waiting for a pause of the stream.</summary>
    public bool IsFull => _messages >= MaxMessages;

    public void Begin(uint transaction) => _transactions.Add(transaction);

    public void AddProbe() => HasProbe = true;

    public void CountChange() => _messages++;

    public void Commit(NpgsqlLogSequenceNumber end)
    {
        End = end;
        _messages++;
    }

    /// <summary>Adds all tables of the model.</summary>
    public void AddAllTables()
    {
        foreach (var (_, name) in tables.Names)
            rows.AddUnknown(name);
    }

    /// <summary>Empties the batch. If a transaction continues in the next batch, that batch need not wait for it, because it is already
    /// visible.</summary>
    public void Clear()
    {
        HasProbe &= End is null;
        rows.Clear();
        _transactions.Clear();
        (End, _messages) = (null, 0);
    }
}
