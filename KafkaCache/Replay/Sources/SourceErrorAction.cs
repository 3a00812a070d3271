namespace KafkaCaching.Replay.Sources;

/// <summary>The action that an error of the consumer requires.</summary>
internal enum SourceErrorAction
{
    /// <summary>The error is irrelevant to a cache. It is logged once.</summary>
    Ignore,

    /// <summary>The client retries by itself. If the error lasts, the stale clock reports it.</summary>
    Wait,

    /// <summary>A batch can't be read, and the point from which the client would continue can't be trusted. Another consumer fetches the
    /// batch again from the positions reached. Repeated failure at one offset becomes a fault.</summary>
    Refetch,

    /// <summary>The consumer is unusable. Another one takes over from the positions reached.</summary>
    Reopen,

    /// <summary>The log no longer holds the records that it held, so a new generation is needed.</summary>
    Rebuild,

    /// <summary>Only a person can resolve the problem.</summary>
    Fault,
}
