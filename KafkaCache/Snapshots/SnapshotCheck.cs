using System.Globalization;
using KafkaCaching.Logs;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Topics;

namespace KafkaCaching.Snapshots;

/// <summary>Decides, based on what the brokers report, whether a snapshot belongs to this log and is recent enough.</summary>
internal static class SnapshotCheck
{
    // A tombstone written after the snapshot is kept for at least delete.retention.ms. The remaining fraction of that time is for reading
    // it.
    private const double PartOfRetention = 0.9;

    /// <exception cref="SnapshotException">The snapshot can't be used.</exception>
    public static void Log(SnapshotDescription snapshot, TopicShape topic, LogRange[] ranges)
    {
        if (topic.Id.Length == 0)
            throw new SnapshotException(ColdStartReason.OtherTopic, "The brokers don't report an ID of the topic.");
        if (snapshot.TopicId != topic.Id)
            throw new SnapshotException(ColdStartReason.OtherTopic, "The snapshot is of another topic with this name.");
        if (ranges.Length < snapshot.Partitions.Length)
            throw Changed($"The topic has {ranges.Length} partitions, and the snapshot has {snapshot.Partitions.Length}.");
        for (var i = 0; i < snapshot.Partitions.Length; i++)
            Partition(i, snapshot.Partitions[i], ranges[i]);
    }

    /// <summary>Whether records were deleted since the snapshot, by retention or by request, so that the entries of those records must be
    /// removed.</summary>
    /// <param name="snapshot">The snapshot. <see cref="Log"/> must have found that it belongs to this log.</param>
    /// <param name="ranges">The offsets that the brokers reported.</param>
    /// <param name="isResolved">Whether a resolver yields the entries.</param>
    /// <param name="judgesMutations">Whether records were validated against the entries that they replaced.</param>
    /// <exception cref="SnapshotException">Records were deleted, but it can't be determined which other entries would replace the removed
    /// ones.</exception>
    public static bool IsCutOff(SnapshotDescription snapshot, LogRange[] ranges, bool isResolved, bool judgesMutations = false)
    {
        var partition = 0;
        while (partition < snapshot.Partitions.Length && ranges[partition].LogStart == snapshot.Partitions[partition].LogStart)
            partition++;
        if (partition == snapshot.Partitions.Length)
            return false;
        if (isResolved)
            throw Changed($"Records of partition {partition} were deleted, and a resolver yields the entries.");
        if (judgesMutations)
            throw Changed($"Records of partition {partition} were deleted, and ValidateMutation has judged later records by them.");
        if (snapshot.HasKeysInTwoPartitions)
            throw Changed($"Records of partition {partition} were deleted, and keys were seen in two partitions.");
        return true;
    }

    /// <summary>Returns the age of the snapshot if it is recent enough.</summary>
    /// <exception cref="SnapshotException">The snapshot can't be used.</exception>
    public static TimeSpan Age(SnapshotDescription snapshot, TopicPolicy? policy, TimeSpan? maxAge, DateTimeOffset now)
    {
        RequirePast(snapshot, now);
        if (policy?.DeleteRetention is null && maxAge is null)
        {
            throw new SnapshotException(
                ColdStartReason.RetentionUnknown,
                "The brokers don't report delete.retention.ms, which limits the snapshot's age. Allow DescribeConfigs on the topic, or "
                + "set Snapshot.MaxAge.");
        }

        // The retention may have been raised after the cleaner had already used the lower value.
        return AgeWithin(Limit(maxAge, Shorter(policy?.DeleteRetention, snapshot.DeleteRetention))!.Value, snapshot, now);
    }

    /// <summary>Checks the snapshot's age against the limits that are known before the brokers report the topic's policy. The policy can
    /// only lower the limit.</summary>
    /// <exception cref="SnapshotException">The snapshot can't be used, regardless of what the brokers report.</exception>
    public static void OwnAge(SnapshotDescription snapshot, TimeSpan? maxAge, DateTimeOffset now)
    {
        if (Limit(maxAge, snapshot.DeleteRetention) is not { } limit)
            return;
        RequirePast(snapshot, now);
        AgeWithin(limit, snapshot, now);
    }

    private static TimeSpan? Limit(TimeSpan? maxAge, TimeSpan? retention) => Shorter(maxAge, retention * PartOfRetention);

    private static void RequirePast(SnapshotDescription snapshot, DateTimeOffset now)
    {
        if (snapshot.Written > now || snapshot.CaughtUp > now)
            throw new SnapshotException(
                ColdStartReason.ClockSetBack, "The snapshot's time is in the future, so the clock has been set back.");
    }

    private static TimeSpan AgeWithin(TimeSpan limit, SnapshotDescription snapshot, DateTimeOffset now)
    {
        var age = now - snapshot.CaughtUp;
        return age <= limit ? age : throw new SnapshotException(
            ColdStartReason.TooOld,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The snapshot is {age.TotalSeconds:F0} s old; the limit is {limit.TotalSeconds:F0} s (Snapshot.MaxAge, or nine tenths of "
                + $"delete.retention.ms)."));
    }

    // The brokers validate the position by the leader epoch of the record before it. That record must not have been deleted.
    private static void Partition(int partition, in SnapshotPartition snapshot, LogRange range)
    {
        if (range.LogStart < snapshot.LogStart || (range.LogStart > snapshot.LogStart && range.LogStart >= snapshot.ResumeAt))
            throw Changed($"Partition {partition} now begins at {range.LogStart}, but began at {snapshot.LogStart} in the snapshot.");
        if (snapshot.Position > range.HighWatermark)
            throw Changed($"Partition {partition} ends at {range.HighWatermark}, before the snapshot's position {snapshot.Position}.");
    }

    /// <summary>Returns the shorter of two times, or the one that is known; <see langword="null"/> if neither is.</summary>
    public static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one < other || other is null ? one : other;

    private static SnapshotException Changed(FormattableString problem) =>
        new(ColdStartReason.LogChanged, problem.ToString(CultureInfo.InvariantCulture));
}
