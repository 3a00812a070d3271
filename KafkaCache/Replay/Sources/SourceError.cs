namespace KafkaCaching.Replay.Sources;

/// <summary>An error that a source reports, and the action that it requires. Partition and offset are -1 if the client reports
/// none.</summary>
internal readonly record struct SourceError(SourceErrorAction Action, int Partition, long Offset, string Description);
