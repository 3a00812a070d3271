using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Processes;

/// <summary>The resident memory during a replay of much data is limited by the store's budget and the data in transit, not by the size of
/// the topic.</summary>
public sealed class LargeReplayTests(RealBrokerFixture real)
{
    private const int MiB = 1 << 20;
    private const int Partitions = 8;
    private const int Records = 3_000;
    private const int ValueBytes = 100_000;
    private const long Budget = 16 * MiB;

    // The store's budget, fetches, client buffers and compiled code took about 50 MiB when measured.
    private const long Ceiling = 96 * MiB;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Three_hundred_megabytes_are_replayed_under_a_ceiling()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        // The test has its own producer, which has no metadata of other tests' topics.
        using var kafka = new TestKafka((await real.ConnectAsync()).BootstrapServers);
        var topic = await kafka.CreateTopicAsync(Partitions);
        await FillAsync(kafka, topic);
        using var directory = new TemporaryDirectory();
        await using var child = ChildProcess.Start(kafka.BootstrapServers, topic, directory.Path, Budget, tellsRecords: false);
        var before = await child.WaitForAsync("resident");
        var peak = await child.WaitForAsync("peak");
        var (applied, scanned, count) = (
            await child.WaitForAsync("applied"), await child.WaitForAsync("scanned"), await child.WaitForAsync("ready"));
        if (applied != Records || scanned != Records || count != Records)
        {
            var inLog = (await kafka.ReadAllAsync(topic, Partitions))
                .Select(static record => $"{record.Partition.Value}:{record.Offset.Value}")
                .ToList();
            Assert.Fail(
                $"{applied} records applied, {scanned} entries scanned, {count} counted of {Records}; {inLog.Count} are in the log. "
                + $"Not in the cache: {string.Join(' ', inLog.Except(await child.EntriesAsync(), StringComparer.Ordinal))}. The cache: "
                    + $"{await child.AccountAsync()}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(long)Records * ValueBytes / MiB} MiB in {Partitions} partitions replayed; resident {before / MiB} MiB before, "
            + $"{peak / MiB} MiB at most: {(peak - before) / MiB} MiB more, of which {Budget / MiB} are the store's");
        Assert.InRange(peak - before, Budget, Ceiling);
        Assert.True(new FileInfo(Assert.Single(directory.Files)).Length > (long)Records * ValueBytes - Budget);
        await kafka.DeleteTopicAsync(topic);
    }

    private static async Task FillAsync(TestKafka kafka, string topic)
    {
        var random = new Random(unchecked((int)TestSeed.Next()));
        var acknowledged = new HashSet<TopicPartitionOffset>();
        foreach (var numbers in Enumerable.Range(0, Records).Chunk(100))
        {
            var results = await kafka.ProduceAsync(
                topic,
                numbers.Select(number => new TestRecord(BitConverter.GetBytes(number), Bytes(random)) { Partition = number % Partitions }));
            acknowledged.UnionWith(results.Select(static result => result.TopicPartitionOffset));
        }

        // Checks that each record has its own offset. A record that the broker treated as a duplicate would be missing, which would look
        // like an error of the replay.
        Assert.Equal(Records, acknowledged.Count);
    }

    // Random bytes can't be compressed.
    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[ValueBytes];
        random.NextBytes(bytes);
        return bytes;
    }
}
