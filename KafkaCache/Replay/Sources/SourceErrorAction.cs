namespace KafkaCaching.Replay.Sources;

/// <summary>What an error of the consumer calls for.</summary>
internal enum SourceErrorAction
{
    /// <summary>Means nothing to a cache; said once in the log.</summary>
    Ignore,

    /// <summary>The client tries again by itself; if it lasts, the stale clock tells.</summary>
    Wait,

    /// <summary>A batch can't be read, and where the client would go on is not to be trusted: another consumer fetches it again from the
    /// positions reached. A fault once it has failed often enough.</summary>
    Refetch,

    /// <summary>The consumer is beyond use: another takes over from the positions reached.</summary>
    Reopen,

    /// <summary>The log no longer holds what it held: a new generation.</summary>
    Rebuild,

    /// <summary>Nothing but a person mends it.</summary>
    Fault,
}
