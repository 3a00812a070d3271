using System.Text;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>A record in the log.</summary>
internal sealed record LoggedRecord(CachePosition Position, string Key, string? Value);

/// <summary>Reads the whole log of a topic with a plain client.</summary>
internal static class WholeLog
{
    public const string EndKey = "the end";

    /// <summary>Writes an end marker to each partition, and reads from the log start to the markers. So no acknowledged record is missed
    /// even if a new leader's high watermark is not current yet. The markers are tombstones, so they create no entries.</summary>
    public static async Task<IReadOnlyList<LoggedRecord>> ReadAsync(TestKafka kafka, string topic, int partitions)
    {
        var marks = await kafka.ProduceAsync(
            topic, Enumerable.Range(0, partitions).Select(static partition => TestRecord.Tombstone(EndKey) with { Partition = partition }));
        IReadOnlyList<LoggedRecord> log = [];
        await Eventually.TrueAsync(
            async () =>
            {
                log =
                [
                    .. (await kafka.ReadAllAsync(topic, partitions)).Select(static record => new LoggedRecord(
                        new CachePosition(record.Partition.Value, record.Offset.Value),
                        Encoding.UTF8.GetString(record.Message.Key!),
                        record.Message.Value is { } value ? Encoding.UTF8.GetString(value) : null)),
                ];
                return marks.All(mark => log.Any(record => record.Position == new CachePosition(mark.Partition.Value, mark.Offset.Value)));
            },
            "the log is read up to the marks at its end",
            TimeSpan.FromSeconds(90));
        return log;
    }

    /// <summary>The last record of each key, without removed keys.</summary>
    public static Dictionary<string, LoggedRecord> Fold(IEnumerable<LoggedRecord> log)
    {
        var fold = new Dictionary<string, LoggedRecord>(StringComparer.Ordinal);
        foreach (LoggedRecord record in log)
        {
            if (record.Value is null)
                fold.Remove(record.Key);
            else
                fold[record.Key] = record;
        }

        return fold;
    }

    /// <summary>Waits until the cache has applied the whole log, and compares its values and positions with the fold of the log.</summary>
    public static async Task AssertIsFoldAsync(IReadOnlyKafkaCache<string, string> cache, IReadOnlyList<LoggedRecord> log)
    {
        foreach (
            CachePosition last in log.GroupBy(static record => record.Position.Partition)
                .Select(static partition => partition.Last().Position))
            await cache.WaitUntilAppliedAsync(last, TestContext.Current.CancellationToken);
        var content = cache.Scan().Select(
            static pair => new LoggedRecord(new CachePosition(pair.Value.Partition, pair.Value.Offset), pair.Key, pair.Value.Value));
        Assert.Equal(
            Fold(log).Values.OrderBy(static record => record.Key, StringComparer.Ordinal),
            content.OrderBy(static record => record.Key, StringComparer.Ordinal));
    }
}
