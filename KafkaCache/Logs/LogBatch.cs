namespace KafkaCaching.Logs;

/// <summary>The result of one read of a log.</summary>
/// <param name="Records">The records. Those of each partition are in order.</param>
/// <param name="Ends">The ends of partitions that have been read completely: the reader has passed every offset below such an end, whether
/// or not there was a record.</param>
public sealed record LogBatch(IReadOnlyList<LogRecord> Records, IReadOnlyList<CachePosition> Ends)
{
    /// <summary>An empty batch.</summary>
    public static LogBatch Empty { get; } = new([], []);
}
