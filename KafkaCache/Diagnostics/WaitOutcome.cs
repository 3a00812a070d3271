namespace KafkaCaching.Diagnostics;

/// <summary>How a wait until a position is applied has ended.</summary>
internal enum WaitOutcome
{
    Applied,
    TimedOut,

    /// <summary>Cancelled, or the cache has come to its end, or the log has changed.</summary>
    Failed,
}
