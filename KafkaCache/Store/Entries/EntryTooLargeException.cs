namespace KafkaCaching.Store.Entries;

/// <summary>Thrown when an entry is larger than the store's limit.</summary>
internal sealed class EntryTooLargeException(string message) : InvalidOperationException(message);
