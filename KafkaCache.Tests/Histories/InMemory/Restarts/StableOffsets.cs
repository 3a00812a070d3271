using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>Records up to which offset each log could be read, and since when.</summary>
internal sealed class StableOffsets
{
    private readonly Dictionary<ModelPartition, List<(DateTimeOffset Since, long Offset)>> _offsets = [];

    public void Note(ModelTopic topic, DateTimeOffset now)
    {
        foreach (var log in topic.Partitions)
        {
            if (!_offsets.TryGetValue(log, out var offsets))
                _offsets.Add(log, offsets = []);
            var stable = log.LastStableOffset;
            if (offsets is [] || offsets[^1].Offset != stable)
                offsets.Add((now, stable));
        }
    }

    /// <summary>The offset up to which everything could be read before the given time.</summary>
    public long Before(ModelPartition log, DateTimeOffset moment) =>
        _offsets.TryGetValue(log, out var offsets) ? offsets.FindLast(noted => noted.Since < moment).Offset : 0;
}
