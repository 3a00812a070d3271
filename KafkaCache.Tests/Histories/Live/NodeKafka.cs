using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Histories.Live;

/// <summary>A topic on a real Kafka with one node, with frequent compaction, added partitions and deleted records.</summary>
internal sealed class NodeKafka(string bootstrapServers) : LiveKafka(bootstrapServers)
{
    /// <summary>The options of a node whose log cleaner runs continuously.</summary>
    public static RealKafkaOptions Node(KafkaRelease release) => new()
    {
        Release = release,
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["log.cleaner.backoff.ms"] = "200", ["log.retention.check.interval.ms"] = "500",
        },
    };

    public override bool Cleans => true;

    public override async Task<bool> GrowAsync()
    {
        await Kafka.AddPartitionsAsync(Topic, Ledger.Partitions.Count + 1);
        Ledger.Grow(Ledger.Partitions.Count + 1);
        return true;
    }

    protected override Task CreateTopicAsync(int partitions) => Kafka.CreateTopicAsync(
        Topic, partitions, ("cleanup.policy", "compact"), ("segment.ms", "300"), ("min.cleanable.dirty.ratio", "0.01"),
        ("delete.retention.ms", "20000"));

    protected override Task DeleteTopicAsync() => Kafka.DeleteTopicAsync(Topic);

    protected override async Task DeleteRecordsBeforeAsync(int partition, long before)
    {
        // Kafka refuses to delete records of a topic whose policy is only "compact".
        await SetCleanupAsync("compact,delete");
        await Eventually.TrueAsync(() => TryDeleteAsync(partition, before), "the node has learnt that records of the topic may be deleted");
        await SetCleanupAsync("compact");
    }

    private async Task<bool> TryDeleteAsync(int partition, long before)
    {
        try
        {
            await Kafka.DeleteRecordsAsync(Topic, partition, before);
            return true;
        }
        catch (DeleteRecordsException refused) when (
            refused.Results.Exists(static result => result.Error.Code == ErrorCode.PolicyViolation))
        {
            return false;
        }
    }

    private async Task SetCleanupAsync(string policy) =>
        await Kafka.Admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
    {
        [new ConfigResource { Type = ResourceType.Topic, Name = Topic }] =
            [new ConfigEntry { Name = "cleanup.policy", Value = policy, IncrementalOperation = AlterConfigOpType.Set }],
    });
}
