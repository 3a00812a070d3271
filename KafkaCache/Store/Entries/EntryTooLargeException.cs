namespace KafkaCaching.Store.Entries;

/// <summary>An entry larger than the store was made for.</summary>
internal sealed class EntryTooLargeException(string message) : InvalidOperationException(message);
