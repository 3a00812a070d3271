using NpgsqlTypes;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>What has been read and not been written yet. It is bounded by the number of tables, however large a transaction is.</summary>
internal sealed class Batch(ChangedTables tables, ChangedRows rows)
{
    private const int MostMessages = 5_000;

    private readonly HashSet<uint> _transactions = [];
    private int _messages;

    public ChangedRows Rows => rows;

    /// <summary>The transactions that have begun in this batch.</summary>
    public IReadOnlyCollection<uint> Transactions => _transactions;

    /// <summary>The end of the last transaction that is here as a whole; <see langword="null"/> if there is none.</summary>
    public NpgsqlLogSequenceNumber? End { get; private set; }

    /// <summary>Whether a probe is among what is acknowledged by <see cref="End"/>.</summary>
    public bool HasProbe { get; private set; }

    /// <summary>Whether the marks are worth a write when the stream pauses. It may pause anywhere in a transaction, whose rows would be
    /// marked one by one if each pause counted.</summary>
    public bool HasWholeTransaction => End is not null;

    /// <summary>Whether the marks should not wait for a pause of the stream.</summary>
    public bool IsFull => _messages >= MostMessages;

    public void Begin(uint transaction) => _transactions.Add(transaction);

    public void AddProbe() => HasProbe = true;

    public void CountChange() => _messages++;

    public void Commit(NpgsqlLogSequenceNumber end)
    {
        End = end;
        _messages++;
    }

    /// <summary>Adds everything that the model has.</summary>
    public void AddAllTables()
    {
        foreach (var (_, name) in tables.Names)
            rows.AddUnknown(name);
    }

    /// <summary>Empties the batch. More may follow of a transaction, which is visible already.</summary>
    public void Clear()
    {
        HasProbe &= End is null;
        rows.Clear();
        _transactions.Clear();
        (End, _messages) = (null, 0);
    }
}
