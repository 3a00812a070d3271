namespace KafkaCaching.Replay.Sources;

/// <summary>The action that an error of the consumer requires.</summary>
internal enum SourceErrorAction
{
    /// <summary>The error is irrelevant to a cache, and is only logged.</summary>
    Ignore,

    /// <summary>The client retries by itself. If the error lasts, the stale clock reports it.</summary>
    Wait,

    /// <summary>A batch can't be read, and the client might not continue at the right offset. Another consumer fetches the batch again from
    /// the positions reached. Repeated failures at one offset become a fault.</summary>
    Refetch,

    /// <summary>The consumer is unusable. Another one continues from the positions reached.</summary>
    Reopen,

    /// <summary>The log no longer holds the records that it held before, so a new generation is needed.</summary>
    Rebuild,

    /// <summary>Only a person can resolve the problem.</summary>
    Fault,
}
