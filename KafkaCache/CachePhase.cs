namespace KafkaCaching;

/// <summary>Where a cache stands. The phase moves as the topic and the brokers do; a <see cref="Faulted"/> or <see cref="Stopped"/> cache
/// stays so.</summary>
public enum CachePhase
{
    /// <summary>Asking the brokers about the topic; nothing is replayed yet.</summary>
    Starting,

    /// <summary>Replaying the topic from its log start towards the high watermark it found.</summary>
    Replaying,

    /// <summary>Every partition has reached the high watermark captured at the start of the replay; the tail is followed.</summary>
    Ready,

    /// <summary>Ready, but the brokers last confirmed longer ago than <c>StaleAfter</c> that the replay keeps up with the head of the log:
    /// they don't answer, or have more records and the replay stands still.</summary>
    Stale,

    /// <summary>Ready and serving, while a new generation is built beside: the log itself has changed, or tombstones may have been
    /// missed.</summary>
    Rebuilding,

    /// <summary>The cache has ended because of an error, which <see cref="CacheStatus.Fault"/> holds.</summary>
    Faulted,

    /// <summary>The cache has been disposed of.</summary>
    Stopped,
}
