namespace KafkaCaching.Store;

/// <summary>An entry that no page of the store can hold.</summary>
internal sealed class EntryTooLargeException(string message) : InvalidOperationException(message);
