using KafkaCaching.Logs;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>What one generation of a cache was told and has read, as the brokers saw it.</summary>
internal sealed class ReadGeneration(ModelTopic topic, LogRange[] listed)
{
    private readonly List<LogRange> _listed = [.. listed];
    private readonly List<ModelPartition> _logs = [.. topic.Partitions.Take(listed.Length)];

    private bool _wasCut;

    public ModelTopic Topic { get; } = topic;

    /// <summary>What ListOffsets said when it began; of a partition that came later, when that was first listed.</summary>
    public IReadOnlyList<LogRange> Listed => _listed;

    /// <summary>The partitions it began with: those that joined it later hold nobody's readiness back.</summary>
    public int PartitionsAtBeginning { get; } = listed.Length;

    /// <summary>The logs it reads. It goes over to a truncated one's successor when it has read nothing that was cut.</summary>
    public IReadOnlyList<ModelPartition> Logs => _logs;

    /// <summary>It was told that its log changed.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Its source was told that the position is out of the log's range: whoever waited for an offset of it must be told.</summary>
    public bool IsOutOfRange { get; private set; }

    public void GoesOutOfRange() => IsCutOff = IsOutOfRange = true;

    /// <summary>It was handed records of another topic that stands under the name, as a fetch by name does. The watch on the topic ID ends
    /// that.</summary>
    public bool HasForeignRecords { get; set; }

    /// <summary>Its watch was told what stands under the name now: it may find that what the replay goes for is gone.</summary>
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

    /// <summary>The cache itself says that it was too slow for the cleaner, and begins again. Until then it may show what is
    /// deleted.</summary>
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
