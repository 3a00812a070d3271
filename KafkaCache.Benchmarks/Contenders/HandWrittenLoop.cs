using System.Globalization;
using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>A handwritten consumer loop: assigns every partition, and consumes up to the end offsets that were read at the start.</summary>
internal static class HandWrittenLoop
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static void Run(ReplayRun run, int? queueBackoffMs, Action<Message<string, byte[]?>> apply)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = run.BootstrapServers,
            GroupId = "kafkacache-benchmark",
            EnableAutoCommit = false,
        };
        if (queueBackoffMs is { } backoff)
            config.Set("fetch.queue.backoff.ms", backoff.ToString(CultureInfo.InvariantCulture));
        using var consumer = new ConsumerBuilder<string, byte[]?>(config).Build();
        var ends = new long[Workload.Partitions];
        var open = 0;
        for (var partition = 0; partition < ends.Length; partition++)
        {
            ends[partition] = consumer.QueryWatermarkOffsets(new TopicPartition(run.Topic, partition), Timeout).High;
            open += ends[partition] > 0 ? 1 : 0;
        }

        consumer.Assign(
            Enumerable.Range(0, ends.Length).Select(partition => new TopicPartitionOffset(run.Topic, partition, Offset.Beginning)));
        while (open > 0)
        {
            var result = consumer.Consume(Timeout) ?? throw new TimeoutException("The brokers stopped delivering.");
            apply(result.Message);
            if (result.Offset.Value + 1 == ends[result.Partition.Value])
                open--;
        }
    }
}
