using System.Text;
using Confluent.Kafka;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A record to produce. Without a partition, the hash of the key determines it, as with Java's default partitioner.</summary>
public sealed record TestRecord(byte[]? Key, byte[]? Value)
{
    public int? Partition { get; init; }

    public Headers? Headers { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    public static TestRecord Of(string? key, string? value) => new(Bytes(key), Bytes(value));

    public static TestRecord Tombstone(string key) => Of(key, value: null);

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
