using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Histories.Live;

/// <summary>librdkafka's mock cluster, which supports the injection of faults, but not compaction and adding partitions.</summary>
internal sealed class MockKafka : LiveKafka
{
    private readonly EmbeddedBroker _broker;

    public MockKafka()
        : this(EmbeddedBroker.Start())
    {
    }

    private MockKafka(EmbeddedBroker broker)
        : base(broker.BootstrapServers) => _broker = broker;

    public override void Trouble(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                _broker.SetBrokerDown();
                break;
            case 1:
                _broker.PushRequestErrors(KafkaApi.Fetch, [.. Enumerable.Repeat(ErrorCode.NotLeaderForPartition, random.Next(1, 5))]);
                break;
            case 2:
                _broker.PushRequestErrors(KafkaApi.ListOffsets, [.. Enumerable.Repeat(ErrorCode.LeaderNotAvailable, random.Next(1, 5))]);
                break;
            default:
                _broker.PushRequestErrors(KafkaApi.Fetch, ErrorCode.Local_Transport, ErrorCode.OffsetOutOfRange);
                break;
        }
    }

    public override void Mend()
    {
        _broker.SetBrokerUp();
        _broker.ClearRequestErrors(KafkaApi.Fetch);
        _broker.ClearRequestErrors(KafkaApi.ListOffsets);
    }

    public override void Dispose()
    {
        base.Dispose();
        _broker.Dispose();
    }

    protected override Task CreateTopicAsync(int partitions)
    {
        _broker.CreateTopic(Topic, partitions);
        return Task.CompletedTask;
    }

    protected override Task DeleteTopicAsync()
    {
        _broker.DeleteTopic(Topic);
        return Task.CompletedTask;
    }

    protected override Task DeleteRecordsBeforeAsync(int partition, long before)
    {
        _broker.DeleteRecords(Topic, partition, before);
        return Task.CompletedTask;
    }
}
