namespace KafkaCaching.Logs;

/// <summary>The result of one read of a log.</summary>
/// <param name="Records">The records, in the order of each partition.</param>
/// <param name="Ends">The ends of partitions that have been read completely: every offset below such an end is passed, whether or not it
/// held a record.</param>
public sealed record LogBatch(IReadOnlyList<LogRecord> Records, IReadOnlyList<CachePosition> Ends)
{
    /// <summary>A batch with nothing in it.</summary>
    public static LogBatch Empty { get; } = new([], []);
}
