namespace KafkaCaching;

/// <summary>What becomes of a record that can't be used. Whichever it is, the error is counted and logged by its place, and the offset is settled.</summary>
public enum RecordErrorPolicy
{
    /// <summary>The cache faults. The default: a cache that can't tell the truth says so.</summary>
    Fail,

    /// <summary>The record is passed over; its key keeps the value it had.</summary>
    Skip,

    /// <summary>Reads of that key throw <see cref="RecordErrorException"/>, and <c>Count</c> and <c>Scan</c> leave it out, until a good record comes.</summary>
    Quarantine,
}
