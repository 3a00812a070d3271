using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Testing.Contract;

[Trait("Category", "Long")]
public sealed class RealKafkaContractTests(RealBrokerFixture fixture) : TopicContract
{
    protected override async Task<ContractTopic> OpenAsync(int partitions = 1)
    {
        var kafka = await fixture.ConnectAsync();
        var topic = new RealTopic(kafka, TestKafka.UniqueTopic());
        await topic.CreateAsync(partitions);
        return topic;
    }

    private sealed class RealTopic(TestKafka shared, string name) : ContractTopic
    {
        private TestKafka _kafka = new(shared.BootstrapServers);

        public override KafkaCacheOptions<string, string> Options() => TestOptions.For(shared.BootstrapServers, name);

        public override async Task<CachePosition> ProduceAsync(TestRecord record)
        {
            var written = await _kafka.ProduceAsync(name, record);
            return new CachePosition(written[0].Partition.Value, written[0].Offset.Value);
        }

        // Replaces the producer: the old one would use the ID of the deleted topic.
        public override async Task DeleteAsync()
        {
            await shared.DeleteTopicAsync(name);
            _kafka.Dispose();
            _kafka = new TestKafka(shared.BootstrapServers);
        }

        // Kafka refuses DeleteRecords for a topic that is only compacted.
        public override Task CreateAsync(int partitions) =>
            shared.CreateTopicAsync(name, partitions, ("cleanup.policy", "compact,delete"), ("retention.ms", "-1"));

        public override Task DeleteRecordsAsync(int partition, long beforeOffset) =>
            shared.DeleteRecordsAsync(name, partition, beforeOffset);

        public override Task AddPartitionsAsync(int total) => _kafka.AddPartitionsAsync(name, total);

        public override ValueTask DisposeAsync()
        {
            _kafka.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
