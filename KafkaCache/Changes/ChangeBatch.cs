namespace KafkaCaching.Changes;

/// <summary>A sequence of changes. All watchers share one instance, which is not modified once they have received it.</summary>
internal sealed class ChangeBatch(byte[] bytes, BatchedChange[] changes, bool fromRebuild) : ChangeItem
{
    public ReadOnlySpan<BatchedChange> Changes => changes;

    public bool FromRebuild => fromRebuild;

    /// <summary>Whether all the changes were made by records of the log. If not, a cursor after the changes may equal one before
    /// them.</summary>
    public bool IsOfLog { get; init; } = true;

    /// <summary>The start of a new sequence of cursors after the last change; <see langword="null"/> if none starts there. It is set before
    /// a watcher receives the batch.</summary>
    public CursorStart? CursorsAfter { get; set; }

    public override int Count => changes.Length;

    public int Bytes => bytes.Length;

    public ReadOnlySpan<byte> KeyOf(in BatchedChange change) => bytes.AsSpan(change.At, change.KeyLength);

    public ReadOnlySpan<byte> PreviousOf(in BatchedChange change) =>
        change.HasPrevious ? bytes.AsSpan(change.At + change.KeyLength, change.PreviousLength) : default;

    public ReadOnlySpan<byte> CurrentOf(in BatchedChange change) =>
        change.HasCurrent
            ? bytes.AsSpan(change.At + change.KeyLength + Math.Max(0, change.PreviousLength), change.CurrentLength)
            : default;

    /// <summary>Returns the changes that a watcher at this cursor has not seen yet.</summary>
    public ChangeBatch After(WatchCursor cursor)
    {
        if (!Array.Exists(changes, change => IsBefore(change.Cause, cursor)))
            return this;
        return new ChangeBatch(bytes, Array.FindAll(changes, change => !IsBefore(change.Cause, cursor)), fromRebuild)
        {
            IsOfLog = IsOfLog, CursorsAfter = CursorsAfter,
        };
    }

    /// <summary>Advances the positions past the changes.</summary>
    /// <param name="positions">The next offset of each partition. A partition that has since been added to the topic is appended.</param>
    public void Raise(List<long> positions)
    {
        foreach (ref readonly var change in Changes)
        {
            var (partition, offset) = change.Cause;
            while (positions.Count <= partition)
                positions.Add(0);
            positions[partition] = Math.Max(positions[partition], offset + 1);
        }
    }

    private static bool IsBefore(CachePosition cause, WatchCursor cursor) =>
        cause.Partition < cursor.Positions.Length && cause.Offset < cursor.Positions[cause.Partition];
}
