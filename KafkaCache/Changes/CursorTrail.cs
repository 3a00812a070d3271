namespace KafkaCaching.Changes;

/// <summary>Tracks the position of a watcher and issues the cursors of its changes.</summary>
internal sealed class CursorTrail(string recentId, long[] positions)
{
    private string _recentId = recentId;
    private long[] _positions = positions;

    public WatchCursor Here() => new(_recentId, [.. _positions]);

    /// <summary>Moves past a change.</summary>
    /// <returns>The cursor after the change; <see langword="null"/> if more changes of the same record or of the same difference follow,
    /// because a watch that resumed before them would lose them.</returns>
    public WatchCursor? Pass(ChangeBatch batch, int i)
    {
        if (batch.FromRebuild)
            return null;
        var cause = batch.Changes[i].Cause;
        if (i + 1 < batch.Count && batch.Changes[i + 1].Cause == cause)
            return null;
        if (cause.Partition >= _positions.Length)
            Array.Resize(ref _positions, cause.Partition + 1);
        _positions[cause.Partition] = Math.Max(_positions[cause.Partition], cause.Offset + 1);
        if (i + 1 == batch.Count)
            PassEnd(batch);
        return Here();
    }

    /// <summary>Moves past the end of a batch, even if all its changes have been left out.</summary>
    public void PassEnd(ChangeBatch batch)
    {
        if (batch.CursorsAfter is { } start)
            (_recentId, _positions) = (start.RecentId, [.. start.Positions]);
    }

    /// <summary>Moves past a difference. The cursors after it refer to the <see cref="RecentChanges"/> of the new generation.</summary>
    public void Pass(Difference difference)
    {
        if (difference.RecentId is { } recentId)
            (_recentId, _positions) = (recentId, [.. difference.Positions]);
    }
}
