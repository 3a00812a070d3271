namespace KafkaCaching.Store.Entries;

/// <summary>What a write found under its key.</summary>
internal enum WriteResult
{
    /// <summary>The key had no entry.</summary>
    WasAbsent,

    /// <summary>The key had an entry of the same partition, which was replaced.</summary>
    WasPresent,

    /// <summary>The key had an entry of another partition, which was replaced.</summary>
    WasInAnotherPartition,

    /// <summary>The key has an entry of another partition, which is kept because the write is older.</summary>
    Refused,
}
