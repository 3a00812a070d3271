namespace KafkaCaching.Replay.Claims;

/// <summary>An entry that a record yields. The value is null while the record is the latest of its record key, because the store or the
/// claims hold it then.</summary>
internal record struct YieldedEntry(byte[] Key, byte[]? Value);
