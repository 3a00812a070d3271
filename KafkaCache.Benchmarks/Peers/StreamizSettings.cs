using System.Globalization;
using Streamiz.Kafka.Net;

namespace KafkaCaching.Benchmarks.Peers;

/// <summary>The settings of a Streamiz table. A setting that is not set here has Streamiz's default.</summary>
internal sealed record StreamizSettings
{
    /// <summary>Streamiz's default is RocksDB.</summary>
    public bool InMemory { get; init; } = true;

    /// <summary>At the default of 1,000, the client stalls for a second whenever a partition's queue is full.</summary>
    public int? QueueBackoffMs { get; init; }

    /// <summary>Streamiz restores one partition after the other. The broker holds the last fetch of each partition for this time (500 ms by
    /// default), which delays the next partition.</summary>
    public int? FetchWaitMaxMs { get; init; }

    /// <summary>The number of records of the tail that Streamiz collects, for at most 100 ms, before it applies them. Streamiz's default is
    /// 500.</summary>
    public long? MaxPollRecords { get; init; }

    public void ApplyTo(StreamConfig config)
    {
        SetConsumer(config, "fetch.queue.backoff.ms", QueueBackoffMs);
        SetConsumer(config, "fetch.wait.max.ms", FetchWaitMaxMs);
        if (MaxPollRecords is { } records)
            config.MaxPollRecords = records;
    }

    private static void SetConsumer(StreamConfig config, string key, int? value)
    {
        if (value is { } set)
            config.AddConfig(config.GlobalConsumerPrefix(key), set.ToString(CultureInfo.InvariantCulture));
    }
}
