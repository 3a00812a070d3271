namespace KafkaCaching;

/// <summary>What becomes of a record that can't be used. Whichever it is, the error is counted and logged by its place, and the offset is
/// settled.</summary>
public enum RecordErrorPolicy
{
    /// <summary>The cache faults. The default: a cache that can't tell the truth says so.</summary>
    Fail,

    /// <summary>The record is passed over; its key keeps the value it had, which a cache that starts after compaction has removed it
    /// doesn't have.</summary>
    Skip,

    /// <summary>Reads of that key throw <see cref="RecordErrorException"/>, and <c>Count</c> and <c>Scan</c> leave it out, until a good
    /// record comes. With a resolver these are the key with the bytes of the record key, and the keys that the record yields where only
    /// their size is refused. What the record key yielded before is absent: a cache that starts later can't know it.</summary>
    Quarantine,
}
