namespace KafkaCaching.Replay;

/// <summary>Says amid a batch when its positions are due to be shown: every 100 ms, or with the next record. The clock is looked at every
/// 16 records, and with a resolver or a store that takes its time as often as that needs.</summary>
internal struct ShowingPace(TimeProvider time)
{
    private const int MostRecords = 16;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private int _records = 1;
    private int _left = 1;
    private long _looked;
    private long _shown;

    /// <summary>Positions have just been shown.</summary>
    public void Begin() => _shown = _looked = time.GetTimestamp();

    /// <summary>After each record.</summary>
    public bool IsDue() => --_left <= 0 && Look();

    private bool Look()
    {
        var now = time.GetTimestamp();
        var took = time.GetElapsedTime(_looked, now);
        if (took > Interval / 2)
            _records = 1;
        else if (took < Interval / 8)
            _records = Math.Min(_records * 2, MostRecords);
        _left = _records;
        _looked = now;
        if (time.GetElapsedTime(_shown, now) < Interval)
            return false;
        _shown = now;
        return true;
    }
}
