using KafkaCaching.Replay.Applying;

namespace KafkaCaching;

/// <summary>Decides whether a record is acceptable when it is read. It is called on the replay thread for every record except
/// tombstones.</summary>
/// <param name="record">The record. It and its spans are valid only during the call.</param>
/// <returns>Whether the record is valid. If the validator returns <see langword="false"/> or throws, the record becomes a record
/// error.</returns>
public delegate bool RecordValidator(in CacheRecord record);
