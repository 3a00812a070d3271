namespace KafkaCaching.Replay.Sources;

/// <summary>An error that a source came upon, and what it calls for. Partition and offset are -1 where the client names none.</summary>
internal readonly record struct SourceError(SourceErrorAction Action, int Partition, long Offset, string Description);
