using KafkaCaching.Logs;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>The responses that a generation of a cache has received from the brokers, and the logs that it has read.</summary>
internal sealed class ReadGeneration(ModelTopic topic, LogRange[] listed)
{
    private readonly List<LogRange> _listed = [.. listed];
    private readonly List<ModelPartition> _logs = [.. topic.Partitions.Take(listed.Length)];

    private bool _wasCut;

    public ModelTopic Topic { get; } = topic;

    /// <summary>The result of ListOffsets when the generation began or, for an added partition, when the partition was first
    /// listed.</summary>
    public IReadOnlyList<LogRange> Listed => _listed;

    /// <summary>The number of partitions at the beginning. Partitions that were added later do not delay readiness.</summary>
    public int PartitionsAtBeginning { get; } = listed.Length;

    /// <summary>The logs that it reads. If a log is truncated above its position, it continues with the log's successor.</summary>
    public IReadOnlyList<ModelPartition> Logs => _logs;

    /// <summary>Whether a response has shown that its log has changed.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Whether a fetch was answered with OFFSET_OUT_OF_RANGE. Waits for offsets of this log must then fail.</summary>
    public bool IsOutOfRange { get; private set; }

    public void GoesOutOfRange() => IsCutOff = IsOutOfRange = true;

    /// <summary>Whether the generation got records of another topic with the same name, as may happen with fetches by name. The check of
    /// the topic ID then ends the generation.</summary>
    public bool HasForeignRecords { get; set; }

    /// <summary>Called when its poller has received a description of the topic that has the name now. The poller may find that the log of
    /// the replay no longer exists.</summary>
    public void Sees(ModelTopic topic)
    {
        if (topic == Topic)
            _logs.ForEach(log => NoteCut(log, topic.Partitions[log.Number]));
        IsCutOff |= topic != Topic || _wasCut;
    }

    public void Lists(ModelTopic topic, LogRange[] ranges)
    {
        if (topic != Topic)
            return;
        for (var partition = _listed.Count; partition < ranges.Length; partition++)
        {
            _listed.Add(ranges[partition]);
            _logs.Add(topic.Partitions[partition]);
        }
    }

    /// <summary>Whether the cache has logged that it may have missed tombstones and will start over. Until then, it may return deleted
    /// entries.</summary>
    public bool MayMissTombstones { get; private set; }

    public void MissesTombstones() => MayMissTombstones = true;

    public void GoOver(ModelPartition successor)
    {
        NoteCut(_logs[successor.Number], successor);
        _logs[successor.Number] = successor;
    }

    private void NoteCut(ModelPartition log, ModelPartition successor) =>
        _wasCut |= log.AgreesWith(successor) < _listed[log.Number].HighWatermark;
}
