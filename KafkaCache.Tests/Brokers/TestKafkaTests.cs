using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>Tests of the helpers on the shared real Kafka, with features that the embedded broker lacks.</summary>
public sealed class TestKafkaTests(RealBrokerFixture fixture)
{
    [Fact]
    public async Task Compaction_keeps_the_last_record_of_a_key()
    {
        TestKafka kafka = await fixture.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(
            partitions: 1, ("segment.ms", "100"), ("min.cleanable.dirty.ratio", "0.001"), ("delete.retention.ms", "0"));
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 50).Select(static i => TestRecord.Of("a", $"{i}")));

        // The active segment is never cleaned, so further records are written to roll it.
        var rolled = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await kafka.ProduceAsync(topic, $"roll-{rolled++}", "x");
                return (await kafka.ReadAllAsync(topic)).Count(static record => Key(record) == "a") == 1;
            },
            "one record of the key is left",
            TimeSpan.FromSeconds(60));

        Assert.Equal("49", Value(Assert.Single(await kafka.ReadAllAsync(topic), static record => Key(record) == "a")));
    }

    [Fact]
    public async Task Aborted_records_are_not_read_and_an_open_transaction_holds_back_what_follows()
    {
        TestKafka kafka = await fixture.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        using (TestTransaction aborted = await kafka.BeginTransactionAsync(topic, TestRecord.Of("a", "aborted")))
            await aborted.AbortAsync();
        using (TestTransaction committed = await kafka.BeginTransactionAsync(topic, TestRecord.Of("a", "committed")))
            await committed.CommitAsync();
        using TestTransaction open = await kafka.BeginTransactionAsync(topic, TestRecord.Of("a", "open"));
        await kafka.ProduceAsync(topic, "b", "behind");

        // Kafka may write the markers of a transaction after it has responded to the producer.
        await Eventually.TrueAsync(async () => await kafka.EndOffsetAsync(topic, 0) == 6, "both markers are written");
        Assert.Equal(["committed"], (await kafka.ReadAllAsync(topic)).Select(Value));

        await open.AbortAsync();
        await Eventually.TrueAsync(async () => (await kafka.ReadAllAsync(topic)).Count == 2, "the record behind the transaction is read");
    }

    [Fact]
    public async Task Records_are_deleted_and_partitions_added()
    {
        TestKafka kafka = await fixture.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, ("cleanup.policy", "delete"));
        await kafka.ProduceAsync(topic, TestRecord.Of("a", "1"), TestRecord.Of("b", "2"));

        await kafka.DeleteRecordsAsync(topic, partition: 0, beforeOffset: 2);
        await kafka.AddPartitionsAsync(topic, total: 3);
        await kafka.ProduceAsync(topic, TestRecord.Of("c", "3") with { Partition = 2 });

        Assert.Equal(2, await kafka.LogStartOffsetAsync(topic, 0));
        Assert.Equal("c", Key(Assert.Single(await kafka.ReadAllAsync(topic, partitions: 3))));
        await kafka.DeleteTopicAsync(topic);
    }

    [Fact]
    public async Task The_console_producer_writes_keys_values_and_tombstones()
    {
        TestKafka kafka = await fixture.ConnectAsync();
        KafkaRelease release = RealBrokerFixture.RequireRelease();
        var topic = await kafka.CreateTopicAsync();
        using var lines = new MemoryStream(
            Encoding.UTF8.GetBytes(
                $"a{ConsoleProducer.KeySeparator}{{\"v\":1}}\nb{ConsoleProducer.KeySeparator}{ConsoleProducer.NullMarker}\n"));

        await ConsoleProducer.RunAsync(release, kafka.BootstrapServers, topic, lines);

        IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> records = await kafka.ReadAllAsync(topic);
        Assert.Equal(["a", "b"], records.Select(Key));
        Assert.Equal("{\"v\":1}", Value(records[0]));
        Assert.Null(records[1].Message.Value);
    }

    private static string Key(ConsumeResult<byte[]?, byte[]?> record) => Encoding.UTF8.GetString(record.Message.Key!);

    private static string Value(ConsumeResult<byte[]?, byte[]?> record) => Encoding.UTF8.GetString(record.Message.Value!);
}
