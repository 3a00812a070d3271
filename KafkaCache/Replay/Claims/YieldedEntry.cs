namespace KafkaCaching.Replay.Claims;

/// <summary>An entry that a record yields. Its value is held here only while the record is not the latest of its record key.</summary>
internal record struct YieldedEntry(byte[] Key, byte[]? Value);
