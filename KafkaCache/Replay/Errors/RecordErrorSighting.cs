namespace KafkaCaching;

/// <summary>A record that could not be used: its position and the reason, never its content.</summary>
/// <param name="Partition">The partition of the record.</param>
/// <param name="Offset">The offset of the record.</param>
/// <param name="Reason">What was wrong with the record.</param>
/// <param name="SeenAt">When the cache read the record.</param>
public readonly record struct RecordErrorSighting(int Partition, long Offset, RecordErrorReason Reason, DateTimeOffset SeenAt);
