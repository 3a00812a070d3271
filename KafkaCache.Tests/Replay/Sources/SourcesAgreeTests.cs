using System.Globalization;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>The fast source and the plain one deliver the same records of a topic, in the same order of each partition.</summary>
public sealed class SourcesAgreeTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    private const int Partitions = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Both_deliver_the_same_records_from_the_embedded_broker()
    {
        var topic = embedded.CreateTopic(Partitions);
        await embedded.Kafka.ProduceAsync(topic, Records(seed: 4711, count: 5_000, keyless: true));

        AssertAgree(embedded.BootstrapServers, topic, expected: 5_000);
    }

    [Fact]
    public async Task Both_deliver_the_same_records_around_transactions_on_a_real_broker()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(Partitions);
        await kafka.ProduceAsync(topic, Records(seed: 1, count: 1_000));
        using (var aborted = await kafka.BeginTransactionAsync(topic, Records(seed: 2, count: 100)))
            await aborted.AbortAsync();
        using (var committed = await kafka.BeginTransactionAsync(topic, Records(seed: 3, count: 100)))
            await committed.CommitAsync();

        AssertAgree(kafka.BootstrapServers, topic, expected: 1_100);
    }

    private static void AssertAgree(string bootstrapServers, string topic, int expected)
    {
        var fast = Read(new QueueSource(QuietClients.Consumer(bootstrapServers), topic, FromStart(), withHeaders: true));
        var plain = Read(new ConsumeSource(QuietClients.Consumer(bootstrapServers), topic, FromStart()));

        Assert.Equal(plain.Ends, fast.Ends);
        for (var partition = 0; partition < Partitions; partition++)
            Assert.Equal(plain.Records[partition], fast.Records[partition]);
        Assert.Equal(expected, fast.Records.Sum(static records => records.Count));
    }

    private static PartitionProgress[] FromStart() => [.. Enumerable.Range(0, Partitions).Select(static partition => new PartitionProgress(partition, 0, 0, 0))];

    private static (List<string>[] Records, long[] Ends) Read(IRecordSource source)
    {
        using var _ = source;
        List<string>[] records = [.. Enumerable.Range(0, Partitions).Select(static _ => new List<string>())];
        var ends = new long[Partitions];
        var ended = new bool[Partitions];
        var started = TimeProvider.System.GetTimestamp();
        while (!ended.All(static end => end))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "Not every partition came to its end in time.");
            var batch = source.Take(TimeSpan.FromMilliseconds(100));
            Assert.Empty(batch.Errors);
            foreach (ref readonly var record in batch.Records)
                records[record.Partition].Add(Describe(record));
            foreach (var end in batch.Ends)
                (ends[end.Partition], ended[end.Partition]) = (end.Offset, true);
        }

        return (records, ends);
    }

    private static string Describe(in SourceRecord record)
    {
        var header = record.Headers is { } headers && headers.TryGet("number", out var number) ? Convert.ToHexString(number) : "none";
        var key = record.HasKey ? Convert.ToHexString(record.Key) : "none";
        var value = record.IsTombstone ? "none" : Convert.ToHexString(record.Value);
        return string.Create(CultureInfo.InvariantCulture, $"{record.Offset} {record.TimestampMs} {key} {value} {header}");
    }

    // A real broker takes no record without a key into a compacted topic.
    private static IEnumerable<TestRecord> Records(int seed, int count, bool keyless = false)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var key = keyless && random.Next(50) == 0 ? null : $"key {random.Next(500)}";
            var value = random.Next(10) switch { 0 => null, 1 => "", _ => new string('v', random.Next(300)) };
            var headers = random.Next(3) == 0 ? new Headers { { "number", Encoding.UTF8.GetBytes("first") }, { "number", BitConverter.GetBytes(i) } } : null;
            yield return TestRecord.Of(key, value) with { Partition = random.Next(Partitions), Headers = headers };
        }
    }
}
