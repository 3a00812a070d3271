using System.Text;
using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>Reading librdkafka's queue directly delivers the same records as the plain consumer.</summary>
public sealed class RecordSourcesTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Both_sources_deliver_the_same_records_and_ends_from_the_embedded_broker()
    {
        var topic = embedded.CreateTopic(partitions: 3);
        await embedded.Kafka.ProduceAsync(topic, Shapes());
        await BothDeliverAsync(embedded.BootstrapServers, topic, [5, 5, 0], records: 10);
    }

    [Fact]
    public async Task Both_sources_deliver_the_same_records_and_ends_behind_transactions_on_a_real_broker()
    {
        var kafka = await real.ConnectAsync();
        // A compacted topic refuses records without a key.
        var topic = await kafka.CreateTopicAsync(partitions: 3, ("cleanup.policy", "delete"));
        await kafka.ProduceAsync(topic, Shapes());
        using (var aborted = await kafka.BeginTransactionAsync(topic, TestRecord.Of("never", "seen") with { Partition = 0 }))
            await aborted.AbortAsync();
        using (var committed = await kafka.BeginTransactionAsync(topic, TestRecord.Of("seen", "x") with { Partition = 2 }))
            await committed.CommitAsync();
        await Eventually.TrueAsync(
            async () => await kafka.EndOffsetAsync(topic, 0) == 7 && await kafka.EndOffsetAsync(topic, 2) == 2, "the markers are there");
        await BothDeliverAsync(kafka.BootstrapServers, topic, [7, 5, 2], records: 11);
    }

    [Fact]
    public async Task Either_source_begins_at_the_positions_given()
    {
        var topic = embedded.CreateTopic(partitions: 2);
        await embedded.Kafka.ProduceAsync(
            topic, Enumerable.Range(0, 20).Select(static i => TestRecord.Of($"k{i}", "v") with { Partition = i % 2 }));
        foreach (var queue in new[] { true, false })
        {
            var (records, _) = Read(embedded.BootstrapServers, topic, queue, from: [3, 10], ends: [10, 10]);
            Assert.Equal([3, 4, 5, 6, 7, 8, 9], records.Select(static r => r.Offset));
        }
    }

    [Fact]
    public async Task A_position_out_of_range_is_an_error_that_asks_for_a_new_generation()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        foreach (var queue in new[] { true, false })
        {
            using var clients = Clients(embedded.BootstrapServers, topic);
            using var source = Open(clients, topic, queue, [50]);
            var error = default(SourceError);
            await Eventually.TrueAsync(() => source.Take(Wait).Errors is [var first, ..] && (error = first).Description is not null);
            Assert.Equal((SourceErrorAction.Rebuild, 0), (error.Action, error.Partition));
        }
    }

    [Fact]
    public void Where_the_queue_is_within_reach_it_is_the_source()
    {
        var topic = embedded.CreateTopic();
        using var clients = Clients(embedded.BootstrapServers, topic);
        var logger = new ListLogger();
        using var source = RecordSources.Open(
            clients.Consumer(1), topic, [new PartitionProgress(0, 0, 0, 0)], withHeaders: false, logger);
        Assert.IsType<QueueSource>(source);
        Assert.Empty(logger.Lines);
    }

    [Fact]
    public async Task Where_the_queue_is_within_reach_the_status_says_batches()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic);
        Assert.Equal(RecordSourceKind.Batches, cache.Status.Source);
    }

    [Fact]
    public async Task Where_the_queue_is_out_of_reach_records_come_by_Consume_and_status_and_log_say_so()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        var logger = new ListLogger();
        using var cache = await FallbackCache.ReadyAsync(embedded.BootstrapServers, topic, logger);
        Assert.Equal((1, RecordSourceKind.Consume), (cache.Count, cache.Status.Source));
        Assert.Single(logger.Lines, static line => line.Id == 207);
    }

    // Records with no key, an empty key, no value, an empty value, bytes that are not text, headers (including a repeated name and a null
    // value), and a large value.
    private static IEnumerable<TestRecord> Shapes()
    {
        TestRecord[] shapes =
        [
            TestRecord.Of("plain", "value"),
            TestRecord.Of(null, "no key"),
            TestRecord.Of("", "empty key"),
            TestRecord.Tombstone("gone"),
            TestRecord.Of("empty", ""),
            new([0, 255, 128], [7, 0, 255]),
            TestRecord.Of("headers", "h") with
            {
                Headers = new Headers { { "name", [1] }, { "name", [2, 3] }, { "null", null! }, { "empty", [] } },
            },
            TestRecord.Of("timestamp", "t") with { Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123) },
            TestRecord.Of("large", new string('x', 600_000)),
            TestRecord.Of(new string('k', 2_000), "long key"),
        ];
        return shapes.Select(static (shape, i) => shape with { Partition = i % 2 });
    }

    private static Task BothDeliverAsync(string bootstrapServers, string topic, long[] ends, int records)
    {
        var (queued, queuedEnds) = Read(bootstrapServers, topic, queue: true, from: [0, 0, 0], ends);
        var (consumed, consumedEnds) = Read(bootstrapServers, topic, queue: false, from: [0, 0, 0], ends);
        Assert.Equal(records, queued.Count);
        Assert.Equal(consumed, queued);
        Assert.Equal(ends, queuedEnds);
        Assert.Equal(ends, consumedEnds);
        Assert.Contains(queued, static r => r is { Key: "headers", Headers: "name=0203 null= empty=" });
        Assert.Contains(queued, static r => r is { Key: "timestamp", TimestampMs: 1_700_000_000_123 });
        Assert.Contains(queued, static r => r is { Key: "gone", Value: null });
        Assert.Contains(queued, static r => r is { Key: "empty", Value: "" });
        Assert.Contains(queued, static r => r is { Key: null, Value: "no key" });
        return Task.CompletedTask;
    }

    private static (List<Copy> Records, long[] Ends) Read(string bootstrapServers, string topic, bool queue, long[] from, long[] ends)
    {
        using var clients = Clients(bootstrapServers, topic);
        using var source = Open(clients, topic, queue, from);
        var records = new List<Copy>();
        var seen = new long[ends.Length];
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !seen.SequenceEqual(ends);)
        {
            Assert.True(DateTime.UtcNow < deadline, $"ends at {string.Join(' ', seen)} after {records.Count} records");
            var batch = source.Take(Wait);
            Assert.Empty(batch.Errors);
            foreach (ref readonly var record in batch.Records)
                records.Add(Copy.Of(record));
            foreach (var end in batch.Ends)
                seen[end.Partition] = end.Offset;
        }

        for (var partition = 0; partition < ends.Length; partition++)
            Assert.Equal(ends[partition], source.HighWatermark(partition));
        return ([.. records.OrderBy(static r => r.Partition).ThenBy(static r => r.Offset)], seen);
    }

    private static KafkaClients Clients(string bootstrapServers, string topic) =>
        TestClients.Of(TestCaches.Options<string, string>(bootstrapServers, topic));

    private static IRecordSource Open(KafkaClients clients, string topic, bool queue, long[] from)
    {
        PartitionProgress[] partitions = [
            .. from.Select(static (offset, partition) => new PartitionProgress(partition, offset, offset, offset)),
        ];
        var consumer = clients.Consumer(partitions.Length);
        return queue ? new QueueSource(consumer, topic, partitions, withHeaders: true) : new ConsumeSource(consumer, topic, partitions);
    }

    private sealed record Copy(int Partition, long Offset, long TimestampMs, string? Key, string? Value, string Headers)
    {
        public static Copy Of(in SourceRecord record)
        {
            var headers = new StringBuilder();
            foreach (var name in new[] { "name", "null", "empty", "absent" })
            {
                if (record.Headers is not null && record.Headers.TryGet(name, out var value))
                    headers.Append(headers.Length == 0 ? "" : " ").Append(name).Append('=').Append(Convert.ToHexString(value));
            }

            return new Copy(
                record.Partition, record.Offset, record.TimestampMs, record.HasKey ? Text(record.Key) : null,
                record.IsTombstone ? null : Text(record.Value), headers.ToString());
        }

        private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
    }
}
