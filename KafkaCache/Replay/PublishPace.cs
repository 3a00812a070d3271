namespace KafkaCaching.Replay;

/// <summary>Decides when positions are published in the middle of a batch: every 100 ms, or after each record if a record takes longer. The
/// clock is read every 16 records, or more often with a slow resolver or store.</summary>
internal struct PublishPace(TimeProvider time)
{
    private const int MaxRecords = 16;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private int _records = 1;
    private int _left = 1;
    private long _looked;
    private long _shown;

    /// <summary>Called when the positions have just been published.</summary>
    public void Begin() => _shown = _looked = time.GetTimestamp();

    /// <summary>Whether the positions must be published now. Called after each record.</summary>
    public bool IsDue() => --_left <= 0 && Look();

    private bool Look()
    {
        var now = time.GetTimestamp();
        var took = time.GetElapsedTime(_looked, now);
        if (took > Interval / 2)
            _records = 1;
        else if (took < Interval / 8)
            _records = Math.Min(_records * 2, MaxRecords);
        _left = _records;
        _looked = now;
        if (time.GetElapsedTime(_shown, now) < Interval)
            return false;
        _shown = now;
        return true;
    }
}
