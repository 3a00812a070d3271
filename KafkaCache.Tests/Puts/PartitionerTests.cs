using System.Globalization;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>The partition of a key is the same as with Kafka's Java producers.</summary>
public sealed class PartitionerTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    // These hashes are from Kafka's own tests of murmur2.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public async Task Key_goes_where_its_murmur2_hash_says(string key, int hash)
    {
        const int partitions = 7;
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic(partitions)));
        Assert.Equal((hash & int.MaxValue) % partitions, (await cache.PutAsync(key, "v")).Partition);
        Assert.Equal((hash & int.MaxValue) % partitions, (await cache.RemoveAsync(key)).Partition);
    }

    [Fact]
    public async Task Keys_go_where_Kafkas_console_producer_puts_them()
    {
        const int partitions = 5, keys = 300;
        TestKafka kafka = await real.ConnectAsync();
        string theirs = await kafka.CreateTopicAsync(partitions), ours = await kafka.CreateTopicAsync(partitions);
        var random = new Random(20_240_607);
        var lines = new StringBuilder();
        for (var i = 0; i < keys; i++)
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{(char)('!' + random.Next(90))}{new string('k', random.Next(12))}{i}é{ConsoleProducer.KeySeparator}v\n");
        await ConsoleProducer.RunAsync(
            RealBrokerFixture.RequireRelease(), kafka.BootstrapServers, theirs, new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString())));

        await using var cache = KafkaCache.Create(TestOptions.For<byte[], string>(kafka.BootstrapServers, ours));
        IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> written = await kafka.ReadAllAsync(theirs, partitions);
        Assert.Equal(keys, written.Count);
        foreach (ConsumeResult<byte[]?, byte[]?> record in written)
            Assert.Equal(record.Partition.Value, (await cache.PutAsync(record.Message.Key!, "v")).Partition);
    }
}
