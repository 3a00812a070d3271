using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Processes;

/// <summary>The expected content for a log: the last record of each key, unless it is a tombstone.</summary>
internal static class TopicFold
{
    public static async Task<string> HashAsync(TestKafka kafka, string topic, int partitions)
    {
        var left = new Dictionary<string, KeyValuePair<byte[], CacheEntry<byte[]>>>(StringComparer.Ordinal);
        foreach (var record in await kafka.ReadAllAsync(topic, partitions))
        {
            var key = record.Message.Key!;
            if (record.Message.Value is { } value)
                left[Convert.ToHexString(key)] = new(
                    key,
                    new CacheEntry<byte[]>(
                        value, record.Partition.Value, record.Offset.Value,
                        DateTimeOffset.FromUnixTimeMilliseconds(record.Message.Timestamp.UnixTimestampMs)));
            else
                left.Remove(Convert.ToHexString(key));
        }

        return ContentHash.OfEntries(left.Values);
    }
}
