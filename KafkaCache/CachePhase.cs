using System.Text.Json.Serialization;

namespace KafkaCaching;

/// <summary>The phase of a cache. It changes with the state of the topic and of the brokers. A <see cref="Faulted"/> or
/// <see cref="Stopped"/> cache does not recover.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CachePhase>))]
public enum CachePhase
{
    /// <summary>The cache is querying the brokers about the topic. The replay has not begun yet.</summary>
    Starting,

    /// <summary>The cache is replaying the topic, from the log start or from a snapshot, up to the high watermark captured at the start of
    /// the replay.</summary>
    Replaying,

    /// <summary>Every partition has reached the high watermark captured at the start of the replay. The cache now follows the end of the
    /// log.</summary>
    Ready,

    /// <summary>The cache was ready, but the brokers have not confirmed for longer than <c>StaleAfter</c> that the replay keeps up with the
    /// end of the log. Either they don't answer, or they have more records and the replay makes no progress.</summary>
    Stale,

    /// <summary>The log itself has changed, or tombstones may have been missed, so a new generation is being built. The cache continues to
    /// serve reads from the previous one.</summary>
    Rebuilding,

    /// <summary>The cache has ended because of an error. <see cref="CacheStatus.Fault"/> holds the error.</summary>
    Faulted,

    /// <summary>The cache has been disposed of.</summary>
    Stopped,
}
