using KafkaCaching.Benchmarks.Peers;
using Streamiz.Kafka.Net.SerDes;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>The replay of Streamiz's GlobalKTable, from the creation of its first client until its store can be queried.</summary>
internal static class StreamizReplay
{
    public static Measurement Run(ReplayRun run, StreamizSettings settings)
    {
        StreamizTable<byte[]>? table = null;
        try
        {
            var measurement = Measurement.Of(
                run, () => table = StreamizTable<byte[]>.Start(run.BootstrapServers, run.Topic, new ByteArraySerDes(), settings));
            run.CheckCount(table!.Count());
            var store = table.QueryTimestamped();
            run.CheckValues(key => store.Get(key)?.Value);
            return measurement;
        }
        finally
        {
            table?.Dispose();
        }
    }
}
