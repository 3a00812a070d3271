namespace KafkaCaching.Store;

/// <summary>Thrown when the memory budget is used up. Nothing has been lost.</summary>
internal sealed class StoreFullException(string message) : InvalidOperationException(message);
