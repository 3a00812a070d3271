using KafkaCaching.Logs;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>Derives from the history of a log the reasons for which a cache must not start from a snapshot file. The reasons that caches
/// report are checked against these.</summary>
internal static class ColdReasons
{
    /// <returns>The reasons; none if the file must be used.</returns>
    public static IReadOnlySet<ColdStartReason> Of(
        WrittenSnapshot? file, ModelTopic topic, LogRange[] ranges, HistoryRules rules, DateTimeOffset now)
    {
        if (file is null)
            return new HashSet<ColdStartReason> { ColdStartReason.NoSnapshot };
        var reasons = new HashSet<ColdStartReason>();
        if (now - file.Description.CaughtUp > rules.DeleteRetention * 0.9)
            reasons.Add(ColdStartReason.TooOld);
        if (file.Moment.Topic != topic)
            reasons.Add(ColdStartReason.OtherTopic);
        else
            AddReasons(reasons, file, topic, ranges, rules);
        return reasons;
    }

    private static void AddReasons(
        HashSet<ColdStartReason> reasons, WrittenSnapshot file, ModelTopic topic, LogRange[] ranges, HistoryRules rules)
    {
        var isExact = rules.Resolves || file.Description.HasKeysInTwoPartitions;
        for (var i = 0; i < file.Moment.Logs.Length; i++)
        {
            var (log, held) = (topic.Partitions[i], file.Description.Partitions[i]);
            var hasLost = file.Moment.Logs[i].AgreesWith(log) < held.Position;
            var isDeleted = ranges[i].LogStart > held.LogStart && (isExact || ranges[i].LogStart >= held.ResumeAt);
            if (hasLost || isDeleted || IsUnprovable(log, held, ranges[i]))
                reasons.Add(ColdStartReason.LogChanged);
        }
    }

    // If no record follows the last record of the file, a starting cache reads that record again as a proof, but the cleaner may have
    // removed it.
    private static bool IsUnprovable(ModelPartition log, SnapshotPartition held, LogRange range) =>
        held.LeaderEpoch != SnapshotPartition.NoEpoch && held.ResumeAt >= range.HighWatermark
        && !log.Records.Any(record => record.Offset == held.ResumeAt - 1 && record is { IsCleaned: false, IsHidden: false });
}
