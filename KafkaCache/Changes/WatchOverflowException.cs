namespace KafkaCaching;

/// <summary>Thrown when a watcher with <see cref="WatchOverflow.Fail"/> has fallen too far behind.</summary>
/// <param name="message">The message. It names the cache and says how far the watcher has fallen behind.</param>
public sealed class WatchOverflowException(string message) : KafkaCacheException(message);
