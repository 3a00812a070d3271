using KafkaCaching.Replay.Claims;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store.Capture;

namespace KafkaCaching.Snapshots;

/// <summary>The state of a generation at one moment, captured for a snapshot.</summary>
/// <param name="Capture">The entries. The owner of the moment disposes of them.</param>
/// <param name="Claims">The entries that a resolver's records claim; <see langword="null"/> without a resolver. The owner of the moment
/// disposes of them.</param>
/// <param name="TopicId">The topic's ID.</param>
/// <param name="Partitions">The partitions.</param>
/// <param name="CaughtUp">The entries include everything written before this time.</param>
/// <param name="DeleteRetention">How long the topic keeps tombstones, if that is known.</param>
/// <param name="HasKeysInTwoPartitions">Whether a key was seen in two partitions.</param>
/// <param name="LacksEvictedEntries">Whether entries are missing because they were evicted.</param>
/// <param name="ContentVersion">The content version at that moment.</param>
internal sealed record SnapshotMoment(
    EntryCapture Capture, ClaimsCapture? Claims, string TopicId, SnapshotPartition[] Partitions, DateTimeOffset CaughtUp,
    TimeSpan? DeleteRetention, bool HasKeysInTwoPartitions, bool LacksEvictedEntries, long ContentVersion) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Capture.Dispose();
        Claims?.Dispose();
    }
}
