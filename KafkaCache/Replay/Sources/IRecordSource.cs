namespace KafkaCaching.Replay.Sources;

/// <summary>Delivers the records of every partition from given offsets. It is used by one thread, except for members that say
/// otherwise.</summary>
internal interface IRecordSource : IDisposable
{
    RecordSourceKind Kind { get; }

    /// <summary>The state of the connections as the client reports it; <see langword="null"/> when the client reports nothing.</summary>
    Connections? Connections => null;

    /// <summary>Waits for the first item and takes everything that is available. The batch is valid until the next call.</summary>
    RecordBatch Take(TimeSpan wait);

    /// <summary>Ends a waiting <see cref="Take"/>, or the next one, early. Any thread may call it, even after the source has been disposed
    /// of.</summary>
    void Wake();

    /// <summary>The next offset expected from a partition, or -1 when it is not known. It lies after the records delivered, and after the
    /// transaction markers that follow them, which are not records.</summary>
    long NextOffset(int partition);

    /// <summary>The high watermark that the last fetch of a partition reported, or -1 when none has.</summary>
    long HighWatermark(int partition);
}
