using KafkaCaching.Logs;

namespace KafkaCaching.Testing.InMemory;

/// <summary>Reads the log for one cache. Its waits use the topic's clock, so a test that moves the clock also moves the cache.</summary>
internal sealed class MemoryReader : ITopicLogReader
{
    private readonly MemoryBroker _broker;
    private readonly string _topicId;
    private readonly Fetch[] _fetches;
    private readonly Action<MemoryReader> _closed;
    private readonly ITimer _wait;
    private bool _isIdle;
    private bool _isWoken;
    private bool _isBroken;
    private bool _isCut;

    public MemoryReader(MemoryBroker broker, string topicId, IReadOnlyList<CachePosition> from, Action<MemoryReader> closed)
    {
        (_broker, _topicId, _closed) = (broker, topicId, closed);
        _fetches = [.. from.Select(static position => new Fetch(position.Partition, position.Offset))];
        _wait = broker.Time.CreateTimer(
            static reader => ((MemoryReader)reader!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether all delivered records have been applied, and there are no more to deliver.</summary>
    public bool IsSettled_NeedsLock => _isIdle && !_isWoken && !HasNews_NeedsLock && !_broker.HasGrownPast_NeedsLock(_fetches.Length);

    public string Doing_NeedsLock => !_isIdle ? "applies what it has read: a resolver or a validator may not have returned."
        : _broker.HasGrownPast_NeedsLock(_fetches.Length)
        ? "has not noticed the added partitions: it looks every 5 seconds of its clock, or a third of StaleAfter where that is less."
        : "has not read all records of the topic.";

    public LogBatch Read(int maxRecords, TimeSpan wait)
    {
        lock (_broker.Gate)
        {
            if (HasNews_NeedsLock)
                return Take_NeedsLock(maxRecords);
        }

        // The timer is set outside the lock, because the clock may run the callbacks of other due timers in this call.
        _wait.Change(wait, Timeout.InfiniteTimeSpan);
        lock (_broker.Gate)
        {
            _isIdle = true;
            _broker.Changed_NeedsLock();
            while (!_isWoken && !HasNews_NeedsLock)
                Monitor.Wait(_broker.Gate);
            (_isIdle, _isWoken) = (false, false);
            return HasNews_NeedsLock ? Take_NeedsLock(maxRecords) : LogBatch.Empty;
        }
    }

    public void Wake()
    {
        lock (_broker.Gate)
        {
            _isWoken = true;
            _broker.Changed_NeedsLock();
        }
    }

    public long HighWatermark(int partition)
    {
        lock (_broker.Gate)
            return Array.Find(_fetches, fetch => fetch.Partition == partition)?.HighWatermark ?? -1;
    }

    public void Dispose()
    {
        _wait.Dispose();
        _closed(this);
    }

    public void Break_NeedsLock() => _isBroken = true;

    /// <summary>Called when a partition loses its records from an offset on.</summary>
    public void Cut_NeedsLock(int partition, long from) =>
        _isCut |= Array.Exists(_fetches, fetch => fetch.Partition == partition && fetch.Position > from);

    // A reader that can't reach the log gets no news, not even that the log was replaced.
    private bool HasNews_NeedsLock => _isBroken
        || (_broker.Readable_NeedsLock is { } log && (IsOfAnother_NeedsLock(log) || Array.Exists(_fetches, fetch => fetch.HasNews(log))));

    private bool IsOfAnother_NeedsLock(MemoryLog log) =>
        _isCut || log.Id != _topicId || Array.Exists(_fetches, fetch => fetch.IsOutOfRange(log.Partitions[fetch.Partition]));

    private LogBatch Take_NeedsLock(int maxRecords)
    {
        if (_isBroken)
            throw new TopicLogException("The reader was broken by the test.", TopicLogProblem.ReaderBroken);
        var log = _broker.Readable_NeedsLock!;
        if (IsOfAnother_NeedsLock(log))
            throw new TopicLogException(
                "The log no longer has the records that were read, or the next one to read.", TopicLogProblem.LogChanged);
        List<LogRecord> records = [];
        List<CachePosition> ends = [];
        foreach (var fetch in _fetches)
            fetch.Take(log.Partitions[fetch.Partition], maxRecords, records, ends);
        return new LogBatch(records, ends);
    }

    /// <summary>The progress in one partition.</summary>
    private sealed class Fetch(int partition, long position)
    {
        private long _reportedEnd = -1;

        public int Partition => partition;

        public long Position { get; private set; } = position;

        public long HighWatermark { get; private set; } = -1;

        public bool HasNews(MemoryLog log) => _reportedEnd != log.Partitions[partition].End;

        public bool IsOutOfRange(MemoryPartition log) => Position < log.LogStart || Position > log.End;

        public void Take(MemoryPartition log, int maxRecords, List<LogRecord> records, List<CachePosition> ends)
        {
            HighWatermark = log.End;
            var next = log.IndexOf(Position);
            for (; next < log.Records.Count && records.Count < maxRecords; next++)
            {
                records.Add(log.Records[next]);
                Position = log.Records[next].Position.Offset + 1;
            }

            if (next < log.Records.Count || _reportedEnd == log.End)
                return;
            Position = _reportedEnd = log.End;
            ends.Add(new CachePosition(partition, Position));
        }
    }
}
