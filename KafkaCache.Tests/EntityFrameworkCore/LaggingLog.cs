using KafkaCaching.Logs;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>A pod's log, which can be made to deliver nothing for some time.</summary>
internal sealed class LaggingLog(ITopicLog log) : ITopicLog, IDisposable
{
    private readonly ManualResetEventSlim _flows = new(initialState: true);

    public void Lag() => _flows.Reset();

    public void CatchUp() => _flows.Set();

    public ITopicLogClient Connect(string cache) => new Client(log.Connect(cache), _flows);

    public void Dispose() => _flows.Dispose();

    private sealed class Client(ITopicLogClient client, ManualResetEventSlim flows) : ITopicLogClient
    {
        public Task<TopicLogDescription> DescribeAsync() => client.DescribeAsync();

        public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from) =>
            new Reader(client.OpenReader(topicId, from), flows);

        public Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers) =>
            client.AppendAsync(key, value, headers);

        public void Dispose() => client.Dispose();
    }

    private sealed class Reader(ITopicLogReader reader, ManualResetEventSlim flows) : ITopicLogReader
    {
        private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

        // A batch that was read before the lag began is delivered after it.
        private LogBatch? _late;

        public LogBatch Read(int maxRecords, TimeSpan wait)
        {
            if (!flows.Wait(Wait))
                return LogBatch.Empty;
            var batch = Interlocked.Exchange(ref _late, null) ?? reader.Read(maxRecords, wait);
            if (flows.IsSet)
                return batch;
            _late = batch;
            return LogBatch.Empty;
        }

        public void Wake() => reader.Wake();

        public long HighWatermark(int partition) => reader.HighWatermark(partition);

        public void Dispose() => reader.Dispose();
    }
}
