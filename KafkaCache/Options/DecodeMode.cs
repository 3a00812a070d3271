namespace KafkaCaching;

/// <summary>When values are decoded.</summary>
public enum DecodeMode
{
    /// <summary>Replay stores the bytes; a value is decoded when it is read, and one that can't be throws there. The fastest
    /// start.</summary>
    OnRead,

    /// <summary>Every record is decoded as it comes, so that a bad one is found at once. Implied by a resolver, a record or
    /// mutation validator, <see cref="RecordErrorPolicy.Skip"/> and <see cref="RecordErrorPolicy.Quarantine"/>.</summary>
    OnReplay,
}
