namespace KafkaCaching.Replay.Sources;

/// <summary>Delivers the records of every partition from given offsets. Used by one thread, but for what says otherwise.</summary>
internal interface IRecordSource : IDisposable
{
    RecordSourceKind Kind { get; }

    /// <summary>What its client says of its connections; <see langword="null"/> where it says nothing.</summary>
    Connections? Connections => null;

    /// <summary>Takes what is there, waiting for the first of it. The batch is valid until the next call.</summary>
    RecordBatch Take(TimeSpan wait);

    /// <summary>Any thread, also when the source has been disposed of: ends a <see cref="Take"/> that waits, or the next one, before its
    /// time.</summary>
    void Wake();

    /// <summary>The next offset to come of a partition, or -1 where that is not known: past the records delivered, and past the markers of
    /// transactions that were met behind them and are no records.</summary>
    long NextOffset(int partition);

    /// <summary>The high watermark that the last fetch of a partition reported, or -1 when none has.</summary>
    long HighWatermark(int partition);
}
