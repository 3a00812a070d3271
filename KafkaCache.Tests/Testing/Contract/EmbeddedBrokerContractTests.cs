using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Testing.Contract;

public sealed class EmbeddedBrokerContractTests : TopicContract
{
    protected override Task<ContractTopic> OpenAsync(int partitions = 1)
    {
        var broker = EmbeddedBroker.Start();
        broker.CreateTopic(MockTopic.Name, partitions);
        return Task.FromResult<ContractTopic>(new MockTopic(broker));
    }

    private sealed class MockTopic(EmbeddedBroker broker) : ContractTopic
    {
        public const string Name = "contract";

        private TestKafka _kafka = new(broker.BootstrapServers);

        public override KafkaCacheOptions<string, string> Options() => TestOptions.For(broker.BootstrapServers, Name);

        public override async Task<CachePosition> ProduceAsync(TestRecord record)
        {
            var written = await _kafka.ProduceAsync(Name, record);
            return new CachePosition(written[0].Partition.Value, written[0].Offset.Value);
        }

        // Replaces the producer: the old one would recreate the topic and use its cached metadata of the partitions.
        public override Task DeleteAsync()
        {
            _kafka.Dispose();
            broker.DeleteTopic(Name);
            _kafka = new TestKafka(broker.BootstrapServers);
            return Task.CompletedTask;
        }

        public override Task CreateAsync(int partitions)
        {
            broker.CreateTopic(Name, partitions);
            return Task.CompletedTask;
        }

        public override Task DeleteRecordsAsync(int partition, long beforeOffset)
        {
            broker.DeleteRecords(Name, partition, beforeOffset);
            return Task.CompletedTask;
        }

        public override Task DisconnectAsync()
        {
            broker.SetBrokerDown();
            return Task.CompletedTask;
        }

        public override Task ReconnectAsync()
        {
            broker.SetBrokerUp();
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            _kafka.Dispose();
            return broker.DisposeAsync();
        }
    }
}
