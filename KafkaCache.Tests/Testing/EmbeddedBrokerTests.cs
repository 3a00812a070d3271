using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Testing;

public sealed class EmbeddedBrokerTests(EmbeddedBrokerFixture fixture)
{
    [Fact]
    public async Task Records_produced_are_consumed_with_their_bytes_headers_and_timestamps()
    {
        var topic = fixture.CreateTopic(partitions: 2);
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        await fixture.Kafka.ProduceAsync(
            topic,
            TestRecord.Of("a", "1") with { Partition = 1, Timestamp = timestamp, Headers = [new Header("h", [7])] },
            TestRecord.Tombstone("a") with { Partition = 1 },
            new TestRecord([0, 255], []) with { Partition = 0 });

        IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> records = await fixture.Kafka.ReadAllAsync(topic, partitions: 2);

        Assert.Equal(3, records.Count);
        Assert.Equal([0, 255], records[0].Message.Key!);
        Assert.Equal([], records[0].Message.Value!);
        Assert.Equal("1", Encoding.UTF8.GetString(records[1].Message.Value!));
        Assert.Equal(timestamp, new DateTimeOffset(records[1].Message.Timestamp.UtcDateTime));
        Assert.Equal([7], records[1].Message.Headers.GetLastBytes("h"));
        Assert.Null(records[2].Message.Value);
    }

    [Fact]
    public async Task A_topic_created_again_has_another_topic_id_and_starts_at_zero()
    {
        var topic = fixture.CreateTopic();
        await fixture.Kafka.ProduceAsync(topic, "a", "1");
        Uuid before = await TopicIdAsync(topic);

        fixture.Broker.DeleteTopic(topic);
        fixture.Broker.CreateTopic(topic);

        Assert.NotEqual(before.ToString(), (await TopicIdAsync(topic)).ToString());
        Assert.Equal(0, await fixture.Kafka.EndOffsetAsync(topic, 0));
    }

    [Fact]
    public void Creating_a_topic_that_exists_throws()
    {
        var topic = fixture.CreateTopic();
        Assert.Equal(ErrorCode.TopicAlreadyExists, Assert.Throws<KafkaException>(() => fixture.Broker.CreateTopic(topic)).Error.Code);
    }

    [Fact]
    public async Task Deleted_records_move_the_log_start_and_leave_the_end()
    {
        var topic = fixture.CreateTopic();
        await fixture.Kafka.ProduceAsync(topic, Enumerable.Range(0, 5).Select(static i => TestRecord.Of($"k{i}", "v")));

        fixture.Broker.DeleteRecords(topic, partition: 0, beforeOffset: 5);

        Assert.Equal(5, await fixture.Kafka.LogStartOffsetAsync(topic, 0));
        Assert.Equal(5, await fixture.Kafka.EndOffsetAsync(topic, 0));
        Assert.Empty(await fixture.Kafka.ReadAllAsync(topic));
    }

    [Fact]
    public async Task Describing_an_unknown_topic_reports_it_and_does_not_create_it()
    {
        var topic = TestKafka.UniqueTopic();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var missing = await Assert.ThrowsAsync<DescribeTopicsException>(() => TopicIdAsync(topic));
            Assert.Equal(ErrorCode.UnknownTopicOrPart, missing.Results.TopicDescriptions[0].Error.Code);
        }
    }

    [Fact]
    public async Task Metadata_for_one_unknown_topic_creates_it_with_four_partitions()
    {
        var topic = TestKafka.UniqueTopic();
        await Task.Run(() => fixture.Kafka.Admin.GetMetadata(topic, TimeSpan.FromSeconds(10)));

        DescribeTopicsResult described = await fixture.Kafka.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
        Assert.Equal(4, described.TopicDescriptions[0].Partitions.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_a_transaction_takes_an_offset(bool commit)
    {
        var topic = fixture.CreateTopic();
        using TestTransaction transaction = await fixture.Kafka.BeginTransactionAsync(
            topic, TestRecord.Of("a", "1"), TestRecord.Of("b", "2"));
        await (commit ? transaction.CommitAsync() : transaction.AbortAsync());

        Assert.Equal(3, await fixture.Kafka.EndOffsetAsync(topic, 0));
        Assert.Equal(2, (await fixture.Kafka.ReadAllAsync(topic)).Count);
    }

    [Fact]
    public async Task A_pushed_error_answers_the_next_request_of_its_kind()
    {
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t");
        broker.StartRequestTracking();

        broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.TopicAuthorizationFailed);

        var refused = await Assert.ThrowsAsync<ProduceException<byte[]?, byte[]?>>(() => kafka.ProduceAsync("t", "a", "1"));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, refused.Error.Code);
        Assert.Equal(1, broker.CountRequests(KafkaApi.Produce));
        Assert.Equal(0, await kafka.EndOffsetAsync("t", 0));
    }

    [Fact]
    public async Task A_topic_error_shows_when_the_topic_is_described()
    {
        var topic = fixture.CreateTopic();
        fixture.Broker.SetTopicError(topic, ErrorCode.TopicAuthorizationFailed);

        var refused = await Assert.ThrowsAsync<DescribeTopicsException>(() => TopicIdAsync(topic));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, refused.Results.TopicDescriptions[0].Error.Code);
    }

    [Fact]
    public async Task A_partition_moves_to_the_leader_it_is_given()
    {
        using var broker = EmbeddedBroker.Start(brokers: 3);
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t", partitions: 1, replicationFactor: 3);
        broker.SetPartitionLeader("t", partition: 0, brokerId: 3);

        DescribeTopicsResult described = await kafka.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["t"]));
        Assert.Equal(3, described.TopicDescriptions[0].Partitions[0].Leader.Id);
        Assert.Equal(3, broker.BootstrapServers.Split(',').Length);
    }

    [Fact]
    public async Task A_new_epoch_of_the_same_leader_refuses_list_offsets_until_the_topic_is_described()
    {
        using var broker = EmbeddedBroker.Start(brokers: 2);
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t", partitions: 1, replicationFactor: 2);
        broker.SetPartitionLeader("t", partition: 0, brokerId: 1);
        await ListOffsetsAsync();

        broker.SetPartitionLeader("t", partition: 0, brokerId: 2);
        broker.SetPartitionLeader("t", partition: 0, brokerId: 1);

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var fenced = await Assert.ThrowsAsync<ListOffsetsException>(ListOffsetsAsync);
            Assert.Equal(ErrorCode.FencedLeaderEpoch, fenced.Result.ResultInfos[0].TopicPartitionOffsetError.Error.Code);
        }

        await kafka.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["t"]));
        await ListOffsetsAsync();

        Task<ListOffsetsResult> ListOffsetsAsync() => kafka.Admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition("t", 0), OffsetSpec = OffsetSpec.Latest() }]);
    }

    [Fact]
    public void Use_after_disposal_throws()
    {
        var broker = EmbeddedBroker.Start();
        broker.Dispose();
        Assert.Throws<ObjectDisposedException>(() => broker.CreateTopic("t"));
        broker.Dispose();
    }

    private async Task<Uuid> TopicIdAsync(string topic) =>
        (await fixture.Kafka.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]))).TopicDescriptions[0].TopicId;
}
