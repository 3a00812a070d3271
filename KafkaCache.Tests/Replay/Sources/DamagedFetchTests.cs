using System.Buffers.Binary;
using System.Text;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>Reads record batches that a proxy has damaged. librdkafka reports the damage, but continues to parse in the middle of the
/// damaged batch as if a new batch began there; the bytes that it takes for an offset then decide what it fetches next (seen with
/// 2.15.1).</summary>
[Collection(nameof(ProxiedKafkaTests))]
public sealed class DamagedFetchTests(ProxiedKafka kafka)
{
    private const int Batches = 20;
    private const int RecordsOfABatch = 3;
    private const int LongValue = 4000;
    private const int LogChanged = 205;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 0)]
    [InlineData(7, LongValue)]
    [InlineData(Batches - 1, LongValue)]
    public async Task Batch_with_one_bit_flipped_is_fetched_again_and_no_record_is_missing(int damaged, int valueLength) =>
        await IsReadExactlyAsync(damaged, valueLength, FlipABit);

    [Fact]
    public async Task Batch_whose_format_version_is_damaged_is_fetched_again_and_no_record_is_missing() =>
        await IsReadExactlyAsync(damaged: 7, valueLength: 0, static (frame, at) => frame[BatchAt(frame, at, batch: 7) + 16] = 99);

    // When the damaged batch is the first of a response, the bytes that the client parses next look like a batch at offset 40 in an unknown
    // format, so it would fetch offset 41 next. When it is not the first, the client stops parsing there.
    [Fact]
    public async Task Batch_whose_bytes_read_as_a_later_offset_leads_past_no_record() =>
        await IsReadExactlyAsync(damaged: 7, LongValue, static (frame, at) =>
        {
            FlipABit(frame, at);
            var length = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(BatchAt(frame, at, batch: 7) + sizeof(long)));
            const int header = 8;
            var goesOnAt = header + length - 9;
            if (goesOnAt < at)
                return;
            var next = frame.AsSpan(goesOnAt);
            BinaryPrimitives.WriteInt64BigEndian(next, 40);
            next[16] = 99;
        });

    [Fact]
    public async Task Batch_that_comes_damaged_every_time_faults_the_cache_and_is_named()
    {
        const int damaged = 7;
        var proxy = await kafka.StartAsync();
        var (topic, content) = await ProduceAsync(LongValue);
        proxy.Fault = FrameFault.Damage(Marker(damaged), FlipABit);
        var options = TestOptions.For(proxy.Address, topic);
        options.ReadWhenFaulted = true;
        options.ReadyTimeout = TimeSpan.FromMinutes(2);

        await using var cache = KafkaCache.Create(options);
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"'{topic}', partition 0", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"at offset {damaged * RecordsOfABatch}:", fault.Message, StringComparison.Ordinal);
        Assert.Contains("CRC32C", fault.Message, StringComparison.Ordinal);
        Assert.Equal(content.Take(damaged * RecordsOfABatch).ToDictionary(), cache.Content());
        Assert.Equal(damaged * RecordsOfABatch, cache.Status.Partitions[0].Position);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_source_delivers_nothing_behind_a_damaged_batch(bool queue)
    {
        var proxy = await kafka.StartAsync();
        var (topic, _) = await ProduceAsync(LongValue);
        proxy.Fault = FrameFault.Damage(Marker(7), FlipABit, times: 1);
        using var clients = TestClients.Of(TestOptions.For(proxy.Address, topic));
        PartitionProgress[] from = [new(0, 0, Batches * RecordsOfABatch, 0)];
        using IRecordSource source = queue
            ? new QueueSource(clients.Consumer(1), topic, from, withHeaders: false)
            : new ConsumeSource(clients.Consumer(1), topic, from);

        var offsets = new List<long>();
        RecordBatch batch = null!;
        await Eventually.TrueAsync(() =>
        {
            batch = source.Take(TimeSpan.FromMilliseconds(100));
            foreach (ref readonly var record in batch.Records)
                offsets.Add(record.Offset);
            return batch.Errors.Count > 0;
        });

        Assert.Equal(SourceErrorAction.Refetch, Assert.Single(batch.Errors).Action);
        Assert.Equal(Enumerable.Range(0, 7 * RecordsOfABatch).Select(static offset => (long)offset), offsets);
        Assert.Empty(batch.Ends);
    }

    private async Task IsReadExactlyAsync(int damaged, int valueLength, Action<byte[], int> damage)
    {
        const int times = 3;
        using var loggers = new ListLoggerFactory();
        var proxy = await kafka.StartAsync();
        var (topic, content) = await ProduceAsync(valueLength);
        var fault = proxy.Fault = FrameFault.Damage(Marker(damaged), damage, times);

        await using var cache = KafkaCache.Create(TestOptions.For(proxy.Address, topic), loggers);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(content, cache.Content());
        Assert.Equal(times, fault.Met);
        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id == LogChanged);
    }

    private static void FlipABit(byte[] frame, int at) => frame[at] ^= 1;

    // A batch begins with the offset of its first record. Searching up to 40 bytes before the records skips the producer's sequence number,
    // which can have the same value.
    private static int BatchAt(byte[] frame, int before, int batch)
    {
        Span<byte> offset = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(offset, batch * RecordsOfABatch);
        return frame.AsSpan(0, before - 40).LastIndexOf(offset);
    }

    private static byte[] Marker(int batch) => Encoding.UTF8.GetBytes($"<batch {batch}>");

    // Produces each batch separately, so that one fetch returns several batches.
    private async Task<(string Topic, Dictionary<string, string> Content)> ProduceAsync(int valueLength)
    {
        var topic = await kafka.Direct.CreateTopicAsync();
        var content = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var batch = 0; batch < Batches; batch++)
        {
            var records = Enumerable.Range(0, RecordsOfABatch)
                .Select(i => (Key: $"{batch}-{i}", Value: $"<batch {batch}>{i}{new string('x', valueLength)}"))
                .ToList();
            await kafka.Direct.ProduceAsync(topic, records.Select(static record => TestRecord.Of(record.Key, record.Value)));
            records.ForEach(record => content[record.Key] = record.Value);
        }

        return (topic, content);
    }
}
