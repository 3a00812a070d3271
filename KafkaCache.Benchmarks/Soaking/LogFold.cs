using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The last record of each key in the log of a topic, up to the last committed record, as read by a plain consumer.</summary>
internal sealed class LogFold
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, FoldedRecord> _byKey = new(StringComparer.Ordinal);

    public required long[] LogStarts { get; init; }

    public required long[] HighWatermarks { get; init; }

    public long Records { get; private set; }

    public IReadOnlyDictionary<string, FoldedRecord> ByKey => _byKey;

    /// <summary>Values in the log that come from writes that must not be in it.</summary>
    public List<SoakValue> Forbidden { get; } = [];

    /// <exception cref="TimeoutException">A partition could not be read to its high watermark.</exception>
    public static async Task<LogFold> ReadAsync(SoakCluster cluster, SoakTopic topic, NotCommittedWrites notCommitted)
    {
        var fold = new LogFold
        {
            LogStarts = await cluster.LogStartsAsync(topic.Name, topic.Partitions),
            HighWatermarks = await cluster.HighWatermarksAsync(topic.Name, topic.Partitions),
        };
        await Task.Run(() => fold.Read(cluster.BootstrapServers, topic, notCommitted));
        return fold;
    }

    private void Read(string bootstrapServers, SoakTopic topic, NotCommittedWrites notCommitted)
    {
        using var consumer = QuietClients.Consumer(bootstrapServers, groupId: "kafkacache-soak");
        consumer.Assign(LogStarts.Select((start, partition) => new TopicPartitionOffset(topic.Name, partition, start)));
        var open = new HashSet<int>(Enumerable.Range(0, topic.Partitions));
        while (open.Count > 0)
        {
            if (consumer.Consume(Silence) is not { } result)
                throw new TimeoutException(
                    $"Partitions {string.Join(", ", open)} of {topic.Name} have not come to their high watermarks, after "
                        + $"{Silence.TotalSeconds:0} s of silence.");
            if (!result.IsPartitionEOF)
                Apply(result, notCommitted);
            else if (result.Offset.Value >= HighWatermarks[result.Partition.Value])
                open.Remove(result.Partition.Value);
        }
    }

    private void Apply(ConsumeResult<byte[]?, byte[]?> record, NotCommittedWrites notCommitted)
    {
        Records++;
        string key;
        try
        {
            key = Strict.GetString(record.Message.Key ?? []);
        }
        catch (DecoderFallbackException)
        {
            return; // A bad record whose key can't be read.
        }

        var value = Parse(record.Message.Value, out var isBad);
        if (value is not null && (value.IsToBeAborted || notCommitted.Contains(value)))
            Forbidden.Add(value);
        _byKey[key] = new FoldedRecord(new CachePosition(record.Partition.Value, record.Offset.Value), value, isBad);
    }

    private static SoakValue? Parse(byte[]? bytes, out bool isBad)
    {
        isBad = false;
        if (bytes is null)
            return null;
        try
        {
            return SoakValue.Parse(bytes);
        }
        catch (FormatException)
        {
            isBad = true;
            return null;
        }
    }
}

/// <summary>The last record of a key: a value, a bad record, or a tombstone.</summary>
internal readonly record struct FoldedRecord(CachePosition Position, SoakValue? Value, bool IsBad)
{
    public bool IsTombstone => Value is null && !IsBad;
}
