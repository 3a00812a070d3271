using KafkaCaching.Logs;

namespace KafkaCaching.Hybrid.Memory;

/// <summary>Reads the log in this process. Its waits use the cache's clock.</summary>
internal sealed class ProcessLogReader : ITopicLogReader
{
    private readonly ProcessLog _log;
    private readonly ITimer _wait;
    private long _position;
    private long _reportedEnd = -1;
    private bool _isWoken;

    public ProcessLogReader(ProcessLog log, long from, TimeProvider time)
    {
        (_log, _position) = (log, from);
        _wait = time.CreateTimer(
            static reader => ((ProcessLogReader)reader!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public LogBatch Read(int maxRecords, TimeSpan wait)
    {
        _wait.Change(wait, Timeout.InfiniteTimeSpan);
        lock (_log.Gate)
        {
            while (!_isWoken && _reportedEnd == _log.End_NeedsLock)
                Monitor.Wait(_log.Gate);
            _isWoken = false;
            if (_reportedEnd == _log.End_NeedsLock)
                return LogBatch.Empty;
            if (_position < _log.Unread_NeedsLock)
            {
                _log.Renew_NeedsLock();
                throw new TopicLogException(
                    "The log in memory no longer has the records to read, because they were read before.", TopicLogProblem.LogChanged);
            }

            var records = _log.Take_NeedsLock(maxRecords);
            _position += records.Count;
            if (_position < _log.End_NeedsLock)
                return new LogBatch(records, []);
            _reportedEnd = _position;
            return new LogBatch(records, [new CachePosition(0, _position)]);
        }
    }

    public void Wake()
    {
        lock (_log.Gate)
        {
            _isWoken = true;
            Monitor.PulseAll(_log.Gate);
        }
    }

    public long HighWatermark(int partition)
    {
        lock (_log.Gate)
            return _log.End_NeedsLock;
    }

    public void Dispose() => _wait.Dispose();
}
