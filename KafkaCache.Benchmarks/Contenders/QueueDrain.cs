using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Options;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>Reads batches with the library's own source and consumer settings, and passes them to a delegate. With a delegate that does
/// nothing, its speed is the upper limit for a replay.</summary>
internal static class QueueDrain
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static int Run(ReplayRun run, Action<RecordBatch> apply)
    {
        var configs = new KafkaCacheOptions<string, byte[]> { BootstrapServers = run.BootstrapServers, Topic = run.Topic }.ForClients();
        var consumer = new ConsumerBuilder<byte[]?, byte[]?>(configs.Consumer(Workload.Partitions)).Build();
        PartitionProgress[] from = [
            .. Enumerable.Range(0, Workload.Partitions)
                .Select(static partition => new PartitionProgress(partition, logStart: 0, target: 0, lastStableOffset: 0)),
        ];
        using var source = new QueueSource(consumer, run.Topic, from, withHeaders: false);
        var records = 0;
        while (records < run.Records)
        {
            var batch = source.Take(Timeout);
            if (batch.IsEmpty)
                throw new TimeoutException("The brokers stopped delivering.");
            apply(batch);
            records += batch.Records.Length;
        }

        return records;
    }
}
