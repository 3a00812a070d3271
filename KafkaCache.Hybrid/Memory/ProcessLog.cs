using KafkaCaching.Logs;

namespace KafkaCaching.Hybrid.Memory;

/// <summary>A log for a hybrid cache, kept in this process only. A record is removed from the log when the cache has read it, so the log
/// itself needs almost no memory, and the cache has the only copy of its entries.</summary>
/// <remarks>Removed records count as compacted, so the start of the log does not move. A cache that tries to replay them finds a new topic
/// without them. Its entries and marks are then lost together, so no stale entry can reappear.</remarks>
internal sealed class ProcessLog(TimeProvider time) : ITopicLog, ITopicLogClient
{
    private readonly Queue<LogRecord> _records = [];
    private string _topicId = NewId();
    private long _start;
    private long _end;

    /// <summary>Guards all state, and is pulsed when a record is appended.</summary>
    public object Gate { get; } = new();

    public long End_NeedsLock => _end;

    /// <summary>The offset of the first record that has not been read.</summary>
    public long Unread_NeedsLock => _end - _records.Count;

    public ITopicLogClient Connect(string cache) => this;

    public Task<TopicLogDescription> DescribeAsync()
    {
        lock (Gate)
            return Task.FromResult(new TopicLogDescription(_topicId, [new LogRange(_start, _end, _end)]));
    }

    public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from) =>
        new ProcessLogReader(this, from[0].Offset, time);

    public Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
    {
        // Timestamps are in whole milliseconds, as in Kafka.
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        lock (Gate)
        {
            var record = new LogRecord(new CachePosition(0, _end++), timestamp, key, value, headers);
            _records.Enqueue(record);
            Monitor.PulseAll(Gate);
            return Task.FromResult(new PutResult(0, record.Position.Offset, timestamp));
        }
    }

    /// <summary>Takes the next records out of the log.</summary>
    public List<LogRecord> Take_NeedsLock(int maxRecords)
    {
        List<LogRecord> taken = new(Math.Min(maxRecords, _records.Count));
        while (taken.Count < maxRecords && _records.TryDequeue(out var record))
            taken.Add(record);
        return taken;
    }

    /// <summary>Replaces this topic with a new one that contains the records that have not been read.</summary>
    public void Renew_NeedsLock() => (_topicId, _start) = (NewId(), Unread_NeedsLock);

    public void Dispose()
    {
        // The log ends with the container.
    }

    private static string NewId() => $"memory-{Guid.NewGuid():N}";
}
