namespace KafkaCaching.Replay.Sources;

/// <summary>Delivers the records of every partition, starting at given offsets. It is used by one thread, except for members whose
/// description says otherwise.</summary>
internal interface IRecordSource : IDisposable
{
    RecordSourceKind Kind { get; }

    /// <summary>The state of the connections as the client reports it; <see langword="null"/> if the client reports none.</summary>
    Connections? Connections => null;

    /// <summary>Waits for the first item and takes everything that is available. The batch is valid until the next call.</summary>
    RecordBatch Take(TimeSpan wait);

    /// <summary>Ends the current call of <see cref="Take"/>, or the next one, early. Any thread may call this, even after the source has
    /// been disposed of.</summary>
    void Wake();

    /// <summary>Returns the next offset expected from a partition, or -1 if it is not known. It lies after the records delivered and after
    /// the transaction markers that follow them.</summary>
    long NextOffset(int partition);

    /// <summary>Returns the high watermark that the last fetch of a partition reported, or -1 if there was none.</summary>
    long HighWatermark(int partition);
}
