using System.Text;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>The content of a snapshot file, and the moment that was captured for it.</summary>
internal sealed class WrittenSnapshot
{
    private readonly Dictionary<string, FoldedEntry> _entries = new(StringComparer.Ordinal);

    private WrittenSnapshot(CapturedMoment moment, SnapshotDescription description) => (Moment, Description) = (moment, description);

    public CapturedMoment Moment { get; }

    public SnapshotDescription Description { get; }

    public static WrittenSnapshot Read(string path, CapturedMoment moment)
    {
        using var reader = SnapshotReader.Open(path);
        var snapshot = new WrittenSnapshot(moment, reader.Description);
        var entries = new FrameEntries(reader);
        for (var frame = 0; frame < reader.Frames.Count; frame++)
        {
            if (reader.Frames[frame].FirstBucket == SnapshotFrame.Claims)
                continue;
            entries.Open(frame);
            while (entries.MoveNext())
                snapshot.Add(entries);
        }

        return snapshot;
    }

    /// <summary>Checks that the file contains exactly the fold of the log below its positions, and that its description is
    /// correct.</summary>
    public void Check(HistoryRules rules, StableOffsets stable)
    {
        Assert.Equal(Moment.Topic.Id, Description.TopicId);
        Assert.Equal(Moment.Below, Description.Partitions.Select(static partition => partition.Position));
        if (Moment.HasForeignRecords)
            return; // No cache starts from this file, because it has the ID of another topic.
        var expected = 0;
        for (var partition = 0; partition < Moment.Logs.Length; partition++)
        {
            CheckDescription(Moment.Logs[partition], Description.Partitions[partition], stable);
            foreach (var (key, allowed) in Fold.Of(Moment.Logs[partition], Moment.Starts[partition], Moment.Below[partition], rules))
                expected += CheckKey(key, allowed);
        }

        // Records whose key can't be decoded are quarantined under a key that the fold does not contain.
        Assert.Equal(expected, _entries.Count(static entry => IsDecodable(entry.Key)));
        Assert.DoesNotContain(_entries, static entry => !IsDecodable(entry.Key) && !entry.Value.IsQuarantined);
    }

    private static bool IsDecodable(string key) => key[0] != '\uFFFD';

    private void Add(FrameEntries entries)
    {
        var metadata = entries.Metadata;
        var value = metadata.IsQuarantined ? "" : Encoding.UTF8.GetString(entries.Content);
        _entries.Add(
            Encoding.UTF8.GetString(entries.Key),
            new FoldedEntry(value, metadata.Partition, metadata.Offset, metadata.TimestampMs, metadata.IsQuarantined));
    }

    private int CheckKey(string key, List<Dictionary<string, FoldedEntry>> allowed)
    {
        var written = new Dictionary<string, FoldedEntry>(StringComparer.Ordinal);
        foreach (var entryKey in ContentCheck.EntryKeysOf(key))
        {
            if (_entries.TryGetValue(entryKey, out var entry))
                written.Add(entryKey, entry);
        }

        Assert.True(
            allowed.Exists(state => IsSame(state, written)),
            $"The file has [{ContentCheck.Text(written)}] for key {key}, and the log says "
            + $"[{string.Join("] or [", allowed.Select(ContentCheck.Text))}].");
        return written.Count;
    }

    private static bool IsSame(Dictionary<string, FoldedEntry> one, Dictionary<string, FoldedEntry> other) =>
        one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out var same) && same == entry.Value);

    private void CheckDescription(ModelPartition log, SnapshotPartition partition, StableOffsets stable)
    {
        Assert.InRange(partition.ResumeAt, 0, partition.Position);
        if (partition.LeaderEpoch != SnapshotPartition.NoEpoch)
            Assert.Equal(log.EpochAt(partition.ResumeAt - 1), partition.LeaderEpoch);
        Assert.DoesNotContain(
            log.Records,
            record => record.Offset >= partition.ResumeAt && record.Offset < partition.Position
                && record is { IsHidden: false, IsCleaned: false });

        // The file must contain everything that could be read before the time of which it claims to be complete.
        Assert.InRange(stable.Before(log, Description.CaughtUp), 0, partition.Position);
    }
}
