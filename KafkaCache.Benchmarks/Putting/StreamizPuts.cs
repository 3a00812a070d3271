using System.Diagnostics;
using KafkaCaching.Benchmarks.Peers;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.State;

namespace KafkaCaching.Benchmarks.Putting;

/// <summary>Puts with a GlobalKTable, which is read-only: a producer writes to the topic, and the store is polled until it has the
/// value.</summary>
internal sealed class StreamizPuts : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly RawProducer _producer;
    private readonly StreamizTable<byte[]> _table;
    private readonly IReadOnlyKeyValueStore<string, ValueAndTimestamp<byte[]>> _store;

    public StreamizPuts(string bootstrapServers, string topic, StreamizSettings settings)
    {
        _producer = new RawProducer(bootstrapServers, topic);
        _table = StreamizTable<byte[]>.Start(bootstrapServers, topic, new ByteArraySerDes(), settings);
        _store = _table.QueryTimestamped();
    }

    /// <summary>Puts a value and polls for it. Between two polls, it yields the processor but doesn't sleep, so that it sees the value as
    /// early as possible.</summary>
    public async Task ProduceAndPollAsync(string key, byte[] value)
    {
        await _producer.SendAsync(key, value);
        var start = Stopwatch.GetTimestamp();
        var spin = new SpinWait();
        while (!IsReadable(key, value))
        {
            if (Stopwatch.GetElapsedTime(start) > Timeout)
                throw new TimeoutException("The record did not come.");
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    public void Dispose()
    {
        _producer.Dispose();
        _table.Dispose();
    }

    private bool IsReadable(string key, byte[] value) => _store.Get(key)?.Value.AsSpan().SequenceEqual(value) == true;
}
