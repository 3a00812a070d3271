namespace KafkaCaching;

/// <summary>Decides whether a record is acceptable when it is read. It is called on the replay thread for every record except
/// tombstones.</summary>
/// <param name="record">The record. It and its spans are valid only during the call.</param>
/// <returns>Whether the record is good. <see langword="false"/>, or an exception, makes it a record error.</returns>
public delegate bool RecordValidator(in CacheRecord record);
