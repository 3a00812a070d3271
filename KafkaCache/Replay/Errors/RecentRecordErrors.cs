namespace KafkaCaching.Replay.Errors;

/// <summary>The most recent record errors, for the status. The replay thread adds them. Any thread may read them.</summary>
internal sealed class RecentRecordErrors
{
    private const int Kept = 20;

    private readonly Lock _gate = new();
    private readonly RecordErrorSighting[] _ring = new RecordErrorSighting[Kept];
    private long _added;

    /// <summary>Returns the errors, the newest first.</summary>
    public IReadOnlyList<RecordErrorSighting> Snapshot()
    {
        lock (_gate)
        {
            var snapshot = new RecordErrorSighting[Math.Min(_added, Kept)];
            for (var i = 0; i < snapshot.Length; i++)
                snapshot[i] = _ring[(_added - 1 - i) % Kept];
            return snapshot;
        }
    }

    /// <summary>Adds an error. Called on the replay thread only.</summary>
    public void Add(in RecordErrorSighting sighting)
    {
        lock (_gate)
            _ring[_added++ % Kept] = sighting;
    }
}
