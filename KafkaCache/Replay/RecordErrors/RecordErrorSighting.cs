namespace KafkaCaching;

/// <summary>A record that could not be used: its position and the reason, never its content.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Reason">What was wrong with the record.</param>
/// <param name="SeenAt">When the cache read the record.</param>
public readonly record struct RecordErrorSighting(int Partition, long Offset, RecordErrorReason Reason, DateTimeOffset SeenAt);
