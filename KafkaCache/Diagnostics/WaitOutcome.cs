namespace KafkaCaching.Diagnostics;

/// <summary>How a wait for a position to be applied ended.</summary>
internal enum WaitOutcome
{
    Applied,
    TimedOut,

    /// <summary>The wait was cancelled, the cache has ended, or the log has changed.</summary>
    Failed,
}
