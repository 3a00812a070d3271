namespace KafkaCaching;

/// <summary>When values are decoded.</summary>
public enum DecodeMode
{
    /// <summary>The replay stores the bytes. A value is decoded when it is read, and a read of a value that can't be decoded throws. This
    /// is the fastest start.</summary>
    OnRead,

    /// <summary>Every record is decoded as it arrives, so that a bad record is found at once. This mode is implied by a resolver, a record
    /// or mutation validator, <see cref="RecordErrorPolicy.Skip"/> and <see cref="RecordErrorPolicy.Quarantine"/>.</summary>
    OnReplay,
}
