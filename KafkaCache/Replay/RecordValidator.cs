namespace KafkaCaching;

/// <summary>Judges a record as it is read. Called on the replay thread for every record but tombstones.</summary>
/// <param name="record">The record. It and its spans are valid only during the call.</param>
/// <returns>Whether the record is good. <see langword="false"/>, or throwing, makes it a record error.</returns>
public delegate bool RecordValidator(in CacheRecord record);
