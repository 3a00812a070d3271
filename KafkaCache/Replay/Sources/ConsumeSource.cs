using Confluent.Kafka;
using KafkaCaching.Replay.Progress;

namespace KafkaCaching.Replay.Sources;

/// <summary>Delivers records from the Confluent consumer's <c>Consume</c>, one at a time.</summary>
internal sealed class ConsumeSource : IRecordSource
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly string _topic;
    private readonly RecordBatch _batch = new(BatchSize);
    private bool _hasLast;

    public ConsumeSource(
        IConsumer<byte[]?, byte[]?> consumer, string topic, IReadOnlyList<PartitionProgress> from, Connections? connections = null)
    {
        _consumer = consumer;
        _topic = topic;
        Connections = connections;
        _consumer.Assign(Assignments.Of(topic, from));
    }

    public RecordSourceKind Kind => RecordSourceKind.Consume;

    public Connections? Connections { get; }

    public RecordBatch Take(TimeSpan wait)
    {
        _batch.Clear();
        var more = TakeOne(wait < MaxWait ? wait : MaxWait);
        while (more && !_batch.IsFull && !_batch.IsLast)
            more = TakeOne(TimeSpan.Zero);
        _hasLast |= _batch.IsLast;
        return _batch;
    }

    // A call of Consume can't be woken, so it never waits for long.
    public void Wake()
    {
    }

    // After an error that ended a batch early, the client's position lies after records that have not been delivered in a batch yet.
    public long NextOffset(int partition) => _hasLast ? -1 : Assignments.NextOffset(_consumer, _topic, partition);

    public long HighWatermark(int partition) => Assignments.HighWatermark(_consumer, _topic, partition);

    // Close is never called, because it would leave a group that was never joined, and would wait for brokers that may be unreachable.
    public void Dispose() => _consumer.Dispose();

    private bool TakeOne(TimeSpan wait)
    {
        try
        {
            var result = _consumer.Consume(wait);
            if (result is null)
                return false;
            if (result.IsPartitionEOF)
                _batch.AddEnd(result.Partition.Value, result.Offset.Value);
            else
                Add(result);
        }
        catch (ConsumeException failure)
        {
            var at = failure.ConsumerRecord;
            _batch.AddError(new SourceError(
                SourceErrors.Classify(failure.Error), at?.Partition.Value ?? -1, at?.Offset.Value ?? -1, failure.Error.ToString()));
        }

        return true;
    }

    private void Add(ConsumeResult<byte[]?, byte[]?> result)
    {
        var message = result.Message;
        var headers = message.Headers is { Count: > 0 } some ? new ConsumedHeaders(some) : null;
        _batch.Add(new SourceRecord(
            result.Partition.Value, result.Offset.Value, message.Timestamp.UnixTimestampMs, message.Key, message.Value, headers));
        if (result.LeaderEpoch is { } epoch)
            _batch.AddEpoch(result.Partition.Value, result.Offset.Value, epoch);
    }

    private sealed class ConsumedHeaders(Headers headers) : IRecordHeaders
    {
        public bool TryGet(string name, out ReadOnlySpan<byte> value)
        {
            var found = headers.TryGetLastBytes(name, out var bytes);
            value = bytes;
            return found;
        }
    }
}
