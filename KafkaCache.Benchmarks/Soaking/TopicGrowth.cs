using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Adds partitions to a topic while keys are written that are each written only once. After the growth, the partitioner may choose
/// other partitions for existing keys, and a cache can't order the records of a key in two partitions. So the writers of recurring keys
/// pause during the growth and continue with new keys, and the old keys are deleted in their partitions.</summary>
internal sealed class TopicGrowth(
    SoakCluster cluster, ForeignWriter foreign, CacheWriter writer, IReadOnlyList<Writer> resting, Violations violations)
{
    private const int WritesInBetween = 200;

    private int _left = 2;

    public bool IsLeft => _left > 0;

    public async Task AddPartitionsAsync(SoakTopic topic)
    {
        _left--;
        foreach (var one in resting)
            await one.Turn.TakeAsync();
        try
        {
            topic.Log.Begin();
            var adding = cluster.AddPartitionsAsync(topic.Name, topic.Partitions + 1);
            await WriteUntilAsync(topic.Partitions);
            await adding;
            topic.Partitions++;
            await SoakCluster.UntilAsync(
                () => Task.FromResult(
                    topic.Instances.All(
                        cache => cache.Status is { Phase: CachePhase.Ready } status && status.Partitions.Count == topic.Partitions)),
                $"both instances of {topic.Name} have {topic.Partitions} partitions");
            foreign.RenewProducer();
            foreach (var one in resting.OfType<ForeignWriter>())
                one.RenewProducer();
            foreign.RemoveAt(topic.ReadOnly.Scan().Select(static pair => (pair.Key, pair.Value.Partition)).ToList());
            topic.Log.UseNewKeys();
        }
        finally
        {
            foreach (var one in resting)
                one.Turn.GiveBack();
        }
    }

    /// <summary>Writes through the cache until a record has gone to the new partition, which shows that the cache's client knows the
    /// partition.</summary>
    private async Task WriteUntilAsync(int newPartition)
    {
        var left = WritesInBetween;
        for (var number = SoakKeys.Churned; number < SoakKeys.Marker; number++)
        {
            var partition = await writer.PutOnceAsync(number);
            if (left < WritesInBetween || partition == newPartition)
                left--;
            if (left == 0)
                return;
        }

        violations.Add(
            "Puts through the cache while the topic grew",
            string.Create(CultureInfo.InvariantCulture, $"one in {SoakKeys.WrittenOnce} goes to the new partition {newPartition}"), "none",
            isLast: true);
    }
}
