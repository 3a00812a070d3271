using System.Text.Json.Serialization;

namespace KafkaCaching;

/// <summary>Why a cache replayed the whole topic.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColdStartReason>))]
public enum ColdStartReason
{
    /// <summary>The cache did not replay the whole topic: it started from a snapshot, or has not started yet.</summary>
    None,

    /// <summary><see cref="SnapshotOptions.Directory"/> is not set.</summary>
    NotConfigured,

    /// <summary>The cache can't use snapshots, because it spills to disk or reads a log without leader epochs.</summary>
    NotSupported,

    /// <summary>There was no snapshot.</summary>
    NoSnapshot,

    /// <summary>The file could not be read.</summary>
    Unreadable,

    /// <summary>The file is damaged.</summary>
    Damaged,

    /// <summary>The file was written by another version of the library.</summary>
    OtherFormat,

    /// <summary>The file was written with other options or another <see cref="SnapshotOptions.Version"/>, or by other assemblies if the
    /// entries depend on them.</summary>
    OtherVersion,

    /// <summary>The entries need more memory than <see cref="StoreOptions.MemoryBudget"/> allows.</summary>
    TooLarge,

    /// <summary>The topic has been deleted and recreated.</summary>
    OtherTopic,

    /// <summary>The log has changed since the snapshot, or the brokers can't confirm that it has not: records were deleted, or the log was
    /// truncated.</summary>
    LogChanged,

    /// <summary>The snapshot is older than <see cref="SnapshotOptions.MaxAge"/> or the topic's <c>delete.retention.ms</c> allows, so it may
    /// hold keys whose tombstones are gone.</summary>
    TooOld,

    /// <summary>The brokers have not reported for how long the topic keeps tombstones, so the snapshot may be too old.</summary>
    RetentionUnknown,

    /// <summary>The snapshot's time is in the future, because the clock has been set back.</summary>
    ClockSetBack,

    /// <summary>The file took too long to read.</summary>
    TimedOut,
}
