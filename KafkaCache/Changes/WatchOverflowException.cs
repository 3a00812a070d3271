namespace KafkaCaching;

/// <summary>A watcher with <see cref="WatchOverflow.Fail"/> has fallen too far behind.</summary>
/// <param name="message">The message, which names the cache and says how far the watcher has fallen behind.</param>
public sealed class WatchOverflowException(string message) : KafkaCacheException(message);
