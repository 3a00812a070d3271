using System.Collections.Concurrent;
using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>Each replays a topic to its end, once, in a process of its own.</summary>
internal static class ReplayContenders
{
    /// <summary>The baseline is the last.</summary>
    public static readonly IReadOnlyList<string> Names = ["kafkacache", "drain", "consume", "dictionary"];

    public static string Describe(string name) => name switch
    {
        "kafkacache" => "KafkaCache, bytes decoded on read",
        "drain" => "librdkafka's queue drained in batches, nothing kept",
        "consume" => "Consume(), nothing kept",
        "dictionary" => "Consume() into ConcurrentDictionary<string, byte[]>",
        _ => throw new ArgumentException($"There is no contender '{name}'. There are: {string.Join(", ", Names)}.", nameof(name)),
    };

    public static Measurement Run(string name, ReplayRun run) => name switch
    {
        "kafkacache" => KafkaCacheOfBytes(name, run),
        "drain" => DrainQueue(name, run),
        "consume" => ConsumeOnly(name, run),
        "dictionary" => ConsumeIntoDictionary(name, run),
        _ => throw new ArgumentException(Describe(name), nameof(name)),
    };

    private static Measurement KafkaCacheOfBytes(string name, ReplayRun run)
    {
        KafkaCache<string, byte[]>? cache = null;
        try
        {
            var measurement = Measurement.Of(name, run.Records, () =>
            {
                cache = KafkaCache.Create(new KafkaCacheOptions<string, byte[]> { BootstrapServers = run.BootstrapServers, Topic = run.Topic });
                cache.WaitUntilReady();
            });
            run.CheckCount(cache!.Count);
            run.CheckValues(cache.Get);
            return measurement;
        }
        finally
        {
            cache?.Dispose();
        }
    }

    private static Measurement DrainQueue(string name, ReplayRun run)
    {
        var records = 0;
        var measurement = Measurement.Of(name, run.Records, () => records = QueueDrain.Run(run));
        run.CheckCount(records);
        return measurement;
    }

    private static Measurement ConsumeOnly(string name, ReplayRun run)
    {
        var records = 0;
        var measurement = Measurement.Of(name, run.Records, () => HandWrittenLoop.Run(run, _ => records++));
        run.CheckCount(records);
        return measurement;
    }

    private static Measurement ConsumeIntoDictionary(string name, ReplayRun run)
    {
        var values = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        var measurement = Measurement.Of(name, run.Records, () => HandWrittenLoop.Run(run, message =>
        {
            if (message.Value is null)
                values.TryRemove(message.Key, out _);
            else
                values[message.Key] = message.Value;
        }));
        run.CheckCount(values.Count);
        run.CheckValues(key => values.GetValueOrDefault(key));
        return measurement;
    }
}
