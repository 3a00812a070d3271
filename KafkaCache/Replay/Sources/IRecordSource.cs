namespace KafkaCaching.Replay.Sources;

/// <summary>Delivers the records of every partition from given offsets. Used by one thread.</summary>
internal interface IRecordSource : IDisposable
{
    RecordSourceKind Kind { get; }

    /// <summary>What its client says of its connections; <see langword="null"/> where it says nothing.</summary>
    Connections? Connections => null;

    /// <summary>Takes what is there, waiting for the first of it. The batch is valid until the next call.</summary>
    RecordBatch Take(TimeSpan wait);

    /// <summary>The high watermark that the last fetch of a partition reported, or -1 when none has.</summary>
    long HighWatermark(int partition);
}
