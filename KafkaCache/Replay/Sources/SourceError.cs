namespace KafkaCaching.Replay.Sources;

/// <summary>An error that a source has met, and the action that it requires. Partition and offset are -1 when the client names
/// none.</summary>
internal readonly record struct SourceError(SourceErrorAction Action, int Partition, long Offset, string Description);
