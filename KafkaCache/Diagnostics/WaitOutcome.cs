namespace KafkaCaching.Diagnostics;

/// <summary>How a wait until a position is applied has ended.</summary>
internal enum WaitOutcome
{
    Applied,
    TimedOut,

    /// <summary>The wait was cancelled, the cache has ended, or the log has changed.</summary>
    Failed,
}
