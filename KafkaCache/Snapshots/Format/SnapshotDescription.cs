namespace KafkaCaching.Snapshots.Format;

/// <summary>The description in a snapshot file.</summary>
/// <param name="TopicId">The topic's ID.</param>
/// <param name="Partitions">The partitions.</param>
/// <param name="CaughtUp">The snapshot includes everything written before this time.</param>
/// <param name="DeleteRetention">How long the topic kept tombstones at that time, if the brokers had reported it.</param>
/// <param name="Written">When the snapshot was written.</param>
/// <param name="Fingerprint">Identifies everything that the entries depend on; see <see cref="SnapshotFingerprint"/>.</param>
/// <param name="Library">The version of the library that wrote the snapshot.</param>
/// <param name="Entries">The number of entries.</param>
/// <param name="Buckets">The number of hash buckets, which determines the order of the entries.</param>
internal sealed record SnapshotDescription(
    string TopicId, SnapshotPartition[] Partitions, DateTimeOffset CaughtUp, TimeSpan? DeleteRetention, DateTimeOffset Written,
    string Fingerprint, string Library, long Entries, long Buckets)
{
    /// <summary>Whether a key was seen in two partitions. An entry may then hide an older record of its key in another partition.</summary>
    public bool HasKeysInTwoPartitions { get; init; }

    /// <summary>Whether entries are missing because they were evicted.</summary>
    public bool LacksEvictedEntries { get; init; }

    public static string ThisLibrary { get; } = typeof(SnapshotDescription).Assembly.GetName().Version!.ToString();
}
