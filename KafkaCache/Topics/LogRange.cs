namespace KafkaCaching.Topics;

/// <summary>The offsets of one partition's log at one moment.</summary>
internal readonly record struct LogRange(long LogStart, long LastStableOffset, long HighWatermark);
