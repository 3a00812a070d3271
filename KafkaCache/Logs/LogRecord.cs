namespace KafkaCaching.Logs;

/// <summary>A record in a log.</summary>
/// <param name="Position">The position of the record.</param>
/// <param name="Timestamp">The time at which the record was written, as set by its writer or by the log.</param>
/// <param name="Key">The key; <see langword="null"/> if the record has none, which makes it a record error.</param>
/// <param name="Value">The value; <see langword="null"/> for a tombstone.</param>
/// <param name="Headers">The headers, in their order. Several of them may have the same name.</param>
public sealed record LogRecord(
    CachePosition Position, DateTimeOffset Timestamp, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers);
