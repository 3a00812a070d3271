using KafkaCaching.Logs;

namespace KafkaCaching.Replay.Sources;

/// <summary>Delivers the records of a log that is not on Kafka brokers.</summary>
internal sealed class LogSource(ITopicLogReader reader) : IRecordSource
{
    private const int MaxRecords = 1000;

    private readonly RecordBatch _batch = new(MaxRecords);

    public RecordSourceKind Kind => RecordSourceKind.Log;

    public RecordBatch Take(TimeSpan wait)
    {
        _batch.Clear();
        try
        {
            Add(reader.Read(MaxRecords, wait));
        }
        catch (TopicLogException trouble)
        {
            _batch.AddError(new SourceError(ActionFor(trouble.Problem), -1, -1, trouble.Message));
        }

        return _batch;
    }

    public void Wake() => reader.Wake();

    // The ends that come with the records report the next offset.
    public long NextOffset(int partition) => -1;

    public long HighWatermark(int partition) => reader.HighWatermark(partition);

    public void Dispose() => reader.Dispose();

    private void Add(LogBatch read)
    {
        foreach (var record in read.Records)
        {
            var headers = record.Headers.Count > 0 ? new LoggedHeaders(record.Headers) : null;
            _batch.Add(new SourceRecord(
                record.Position.Partition, record.Position.Offset, record.Timestamp.ToUnixTimeMilliseconds(), record.Key, record.Value,
                headers));
        }

        foreach (var end in read.Ends)
            _batch.AddEnd(end.Partition, end.Offset);
    }

    private static SourceErrorAction ActionFor(TopicLogProblem problem) => problem switch
    {
        TopicLogProblem.LogChanged => SourceErrorAction.Rebuild,
        TopicLogProblem.ReaderBroken => SourceErrorAction.Reopen,
        TopicLogProblem.Refused => SourceErrorAction.Fault,
        _ => SourceErrorAction.Wait,
    };

    private sealed class LoggedHeaders(IReadOnlyList<KeyValuePair<string, byte[]?>> headers) : IRecordHeaders
    {
        public bool TryGet(string name, out ReadOnlySpan<byte> value)
        {
            for (var i = headers.Count - 1; i >= 0; i--)
            {
                if (headers[i].Key != name)
                    continue;
                value = headers[i].Value;
                return true;
            }

            value = default;
            return false;
        }
    }
}
