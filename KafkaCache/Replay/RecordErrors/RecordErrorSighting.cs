namespace KafkaCaching;

/// <summary>A record that could not be used: where it stands and why, never what is in it.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Reason">What was wrong.</param>
/// <param name="SeenAt">When the cache came upon it.</param>
public readonly record struct RecordErrorSighting(int Partition, long Offset, RecordErrorReason Reason, DateTimeOffset SeenAt);
