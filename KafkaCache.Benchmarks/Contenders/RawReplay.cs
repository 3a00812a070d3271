using FASTER.core;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>Lower limits for the cost of a replay: the Kafka client alone, and the client with a bare store.</summary>
internal static class RawReplay
{
    public static Measurement Drain(ReplayRun run)
    {
        var records = 0;
        var measurement = Measurement.Of(run, () => records = QueueDrain.Run(run, static _ => { }));
        run.CheckCount(records);
        return measurement;
    }

    public static Measurement Upsert(ReplayRun run)
    {
        RawFaster? store = null;
        var records = 0;
        try
        {
            var measurement = Measurement.Of(run, () =>
            {
                store = new RawFaster(run.Records, ConcurrencyControlMode.None);
                var writer = store.NewSession();
                records = QueueDrain.Run(run, batch =>
                {
                    foreach (ref readonly var record in batch.Records)
                        writer.Upsert(record.Key, record.Value);
                });
            });
            run.CheckCount(records);
            var reader = store!.NewSession();
            run.CheckValues(key => reader.TryRead(key, out var value) ? value.ToArray() : null);
            return measurement with
            {
                StoreMiB = store.MemoryBytes / ProcessMemory.MiB, EmptyStoresMiB = RawFaster.MeasureEmptyBytes() / ProcessMemory.MiB,
            };
        }
        finally
        {
            store?.Dispose();
        }
    }

    public static Measurement Consume(ReplayRun run, int queueBackoffMs)
    {
        var records = 0;
        var measurement = Measurement.Of(run, () => HandWrittenLoop.Run(run, queueBackoffMs, _ => records++));
        run.CheckCount(records);
        return measurement;
    }
}
