using KafkaCaching.Store.Entries;

namespace KafkaCaching.Changes;

/// <summary>The pending changes of a slow watcher: one per key, from the entry that the watcher knows to the latest one. Only one thread
/// may use an instance at a time.</summary>
internal sealed class Conflation : ChangeItem
{
    private readonly Dictionary<byte[], Pending> _byKey = new(ByteComparer.Instance);
    private long _sequence;
    private CursorStart? _cursorsAfter;

    public override int Count => _byKey.Count;

    public void Add(ChangeBatch batch)
    {
        foreach (ref readonly var change in batch.Changes)
            Add(batch, change);
        _cursorsAfter = batch.CursorsAfter ?? Past(batch);
    }

    /// <summary>Returns the pending changes, ordered by the latest change of each key, so that positions ascend within a
    /// partition.</summary>
    /// <param name="withUnchanged">Whether to include keys whose latest entry, or lack of one, the watcher already knows. A watcher that
    /// read the store while the changes were pending may have found an entry that existed only during that time, and must be told that it
    /// is gone.</param>
    /// <returns>Batches of limited size, because one array can't hold the changes of a large cache. All changes of one record are in the
    /// same batch.</returns>
    public IReadOnlyList<ChangeBatch> ToBatches(bool withUnchanged)
    {
        var batches = new List<ChangeBatch>();
        var builder = new BatchBuilder(keepsNone: withUnchanged);
        foreach (var (key, pending) in _byKey.OrderBy(static pair => pair.Value.Sequence))
        {
            if (!withUnchanged && pending.IsUnchanged)
                continue;
            if (builder.IsLarge && builder.LastCause != pending.Cause)
                batches.Add(builder.Take());
            builder.Add(
                key, pending.Previous is not null, pending.PreviousMetadata, pending.Previous, pending.Current is not null,
                pending.CurrentMetadata, pending.Current, pending.Cause);
        }

        var latest = builder.Take();
        latest.CursorsAfter = _cursorsAfter;
        batches.Add(latest);
        return batches;
    }

    // If a new sequence of cursors began within the conflated changes, the later changes continue that sequence.
    private CursorStart? Past(ChangeBatch batch)
    {
        if (_cursorsAfter is null)
            return null;
        List<long> positions = [.. _cursorsAfter.Positions];
        batch.Raise(positions);
        return _cursorsAfter with { Positions = [.. positions] };
    }

    private void Add(ChangeBatch batch, in BatchedChange change)
    {
        var byKey = _byKey.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!byKey.TryGetValue(batch.KeyOf(change), out var pending))
        {
            pending = new Pending
            {
                Previous = change.HasPrevious ? batch.PreviousOf(change).ToArray() : null, PreviousMetadata = change.Previous,
            };
            byKey[batch.KeyOf(change)] = pending;
        }

        pending.Current = change.HasCurrent ? batch.CurrentOf(change).ToArray() : null;
        (pending.CurrentMetadata, pending.Cause, pending.Sequence) = (change.Current, change.Cause, ++_sequence);
    }

    private sealed class Pending
    {
        public byte[]? Previous { get; init; }

        public EntryMetadata PreviousMetadata { get; init; }

        public byte[]? Current { get; set; }

        public EntryMetadata CurrentMetadata { get; set; }

        public CachePosition Cause { get; set; }

        public long Sequence { get; set; }

        public bool IsUnchanged => Previous is null
            ? Current is null
            : Current is not null && CurrentMetadata == PreviousMetadata && Current.AsSpan().SequenceEqual(Previous);
    }
}
