namespace KafkaCaching;

/// <summary>A watcher with <see cref="WatchOverflow.Fail"/> has fallen too far behind.</summary>
/// <param name="message">Which cache, and by how much.</param>
public sealed class WatchOverflowException(string message) : KafkaCacheException(message);
