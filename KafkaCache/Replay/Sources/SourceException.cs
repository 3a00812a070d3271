namespace KafkaCaching.Replay.Sources;

/// <summary>The topic can't be read, and no retry mends it.</summary>
internal sealed class SourceException(string message) : Exception(message);
