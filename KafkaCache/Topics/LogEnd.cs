namespace KafkaCaching.Topics;

/// <summary>The end of one partition's log at one moment.</summary>
internal readonly record struct LogEnd(long LastStableOffset, long HighWatermark);
