namespace KafkaCaching;

/// <summary>When values are decoded.</summary>
public enum DecodeMode
{
    /// <summary>The replay stores the bytes. A value is decoded when it is read, and reading a value that can't be decoded throws. With
    /// this mode, the cache starts fastest.</summary>
    OnRead,

    /// <summary>Every record is decoded as it arrives, so that an invalid record is found at once. This mode is always used with a
    /// resolver, a record validator, a mutation validator, an index, ordered keys, <see cref="RecordErrorPolicy.Skip"/> or
    /// <see cref="RecordErrorPolicy.Quarantine"/>.</summary>
    OnReplay,
}
