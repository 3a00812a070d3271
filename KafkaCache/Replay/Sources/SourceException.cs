namespace KafkaCaching.Replay.Sources;

/// <summary>Thrown when the topic can't be read and a retry does not help.</summary>
internal sealed class SourceException(string message) : Exception(message);
