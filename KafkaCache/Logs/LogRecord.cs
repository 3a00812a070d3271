namespace KafkaCaching.Logs;

/// <summary>A record in a log.</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Timestamp">When it was written, as its writer or the log says.</param>
/// <param name="Key">The key; <see langword="null"/> if it has none, which makes it a record error.</param>
/// <param name="Value">The value; <see langword="null"/> for a tombstone.</param>
/// <param name="Headers">The headers, in their order. Several may have one name.</param>
public sealed record LogRecord(
    CachePosition Position, DateTimeOffset Timestamp, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers);
