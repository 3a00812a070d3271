namespace KafkaCaching.Logs;

/// <summary>What one read of a log returned.</summary>
/// <param name="Records">The records, in the order of each partition.</param>
/// <param name="Ends">Where partitions have been read to their ends: every offset below is passed, whether or not it held a
/// record.</param>
public sealed record LogBatch(IReadOnlyList<LogRecord> Records, IReadOnlyList<CachePosition> Ends)
{
    /// <summary>A batch with nothing in it.</summary>
    public static LogBatch Empty { get; } = new([], []);
}
