using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Testing.Contract;

public sealed class InMemoryContractTests : TopicContract
{
    protected override Task<ContractTopic> OpenAsync(int partitions = 1) =>
        Task.FromResult<ContractTopic>(new MemoryTopic(new InMemoryTopic(partitions)));

    private sealed class MemoryTopic(InMemoryTopic topic) : ContractTopic
    {
        public override KafkaCacheOptions<string, string> Options() => new() { Topic = topic.Name, Log = topic, ReadOnly = false };

        public override Task<CachePosition> ProduceAsync(TestRecord record) => Task.FromResult(topic.ProduceBytes(
            record.Key, record.Value, record.Partition, record.Timestamp,
            [.. record.Headers?.Select(static one => KeyValuePair.Create(one.Key, (byte[]?)one.GetValueBytes())) ?? []]));

        public override Task DeleteAsync() => Done(topic.Delete);

        public override Task CreateAsync(int partitions) => Done(() => topic.Create(partitions));

        public override Task DeleteRecordsAsync(int partition, long beforeOffset) =>
            Done(() => topic.DeleteRecords(partition, beforeOffset));

        public override Task AddPartitionsAsync(int total) => Done(() => topic.AddPartitions(total));

        public override Task DisconnectAsync() => Done(topic.Disconnect);

        public override Task ReconnectAsync() => Done(topic.Reconnect);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static Task Done(Action action)
        {
            action();
            return Task.CompletedTask;
        }
    }
}
