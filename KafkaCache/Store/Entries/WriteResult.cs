namespace KafkaCaching.Store.Entries;

/// <summary>What a write found under its key.</summary>
internal enum WriteResult
{
    /// <summary>Nothing stood there.</summary>
    WasAbsent,

    /// <summary>An entry of the same partition stood there, and gave way.</summary>
    WasPresent,

    /// <summary>An entry of another partition stood there, and gave way.</summary>
    WasInAnotherPartition,

    /// <summary>An entry of another partition stood there, and stays: the write is older.</summary>
    Refused,
}
