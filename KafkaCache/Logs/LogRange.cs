namespace KafkaCaching.Logs;

/// <summary>The offsets of one partition's log at one moment.</summary>
/// <param name="LogStart">The first offset that the log still holds.</param>
/// <param name="LastStableOffset">The offset from which records can't be read yet, because a transaction is open. Without open
/// transactions, it equals the high watermark.</param>
/// <param name="HighWatermark">The offset after the newest record.</param>
public readonly record struct LogRange(long LogStart, long LastStableOffset, long HighWatermark);
