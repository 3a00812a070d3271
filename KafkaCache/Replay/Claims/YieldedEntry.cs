namespace KafkaCaching.Replay.Claims;

/// <summary>An entry that a record yields. While the record is the latest of its record key, the value is null, because the store or the
/// losing claims hold it.</summary>
internal record struct YieldedEntry(byte[] Key, byte[]? Value);
