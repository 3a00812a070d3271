namespace KafkaCaching.Store;

/// <summary>The memory budget is used up. The exception is thrown before anything is lost.</summary>
internal sealed class StoreFullException(string message) : InvalidOperationException(message);
