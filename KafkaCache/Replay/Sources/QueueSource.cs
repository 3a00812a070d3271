using System.Runtime.CompilerServices;
using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using KafkaCaching.Native;
using KafkaCaching.Replay.Progress;

namespace KafkaCaching.Replay.Sources;

/// <summary>Delivers records in batches, directly from librdkafka's queue. Their bytes are read in place, and nothing is allocated per
/// record.</summary>
internal sealed unsafe class QueueSource : IRecordSource
{
    private const int BatchSize = 1024;

    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly string _topic;
    private readonly bool _withHeaders;
    private readonly ConsumerQueue _queue;
    private readonly nint[] _messages = new nint[BatchSize];
    private readonly MessageHeaders?[] _headers = new MessageHeaders?[BatchSize];
    private readonly RecordBatch _batch = new(BatchSize, holdsArrays: false);
    private int _taken;
    private bool _givesHeaders;
    private bool _hasLast;

    /// <exception cref="MissingMemberException">The queue can't be reached in this build of Confluent.Kafka.</exception>
    /// <exception cref="DllNotFoundException">The native module can't be determined.</exception>
    /// <exception cref="EntryPointNotFoundException">The native module lacks a function.</exception>
    public QueueSource(
        IConsumer<byte[]?, byte[]?> consumer, string topic, IReadOnlyList<PartitionProgress> from, bool withHeaders,
        Connections? connections = null)
    {
        _consumer = consumer;
        _topic = topic;
        _withHeaders = withHeaders;
        Connections = connections;
        _queue = new ConsumerQueue(consumer);
        try
        {
            NativeAssignment.Assign(consumer, topic, from);
        }
        catch
        {
            _queue.Dispose();
            throw;
        }
    }

    public RecordSourceKind Kind => RecordSourceKind.Batches;

    public Connections? Connections { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RecordBatch Take(TimeSpan wait)
    {
        FreeLast();
        _taken = _queue.Take(_messages, wait);
        _givesHeaders = _withHeaders || CacheTracing.IsOn;
        for (var i = 0; i < _taken && !_batch.IsLast; i++)
        {
            Add(ConsumerQueue.At(_messages[i]), i);
            if (i + 1 == _taken || !AreOfOneRun(i, i + 1))
                AddEpoch(ConsumerQueue.At(_messages[i]));
        }

        _hasLast |= _batch.IsLast;
        return _batch;
    }

    public void Wake() => _queue.Wake();

    // After an error that ended a batch early, the client's position lies after records that have not been delivered in a batch yet.
    public long NextOffset(int partition) => _hasLast ? -1 : Assignments.NextOffset(_consumer, _topic, partition);

    public long HighWatermark(int partition) => Assignments.HighWatermark(_consumer, _topic, partition);

    // The order matters, because messages hold a reference to the queue, and the queue holds one to the consumer. Close is never called,
    // because it would leave a group that was never joined.
    public void Dispose()
    {
        FreeLast();
        _queue.Dispose();
        _consumer.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(Librdkafka.Message* message, int index)
    {
        // The error is checked first, because the payload of an error or end-of-partition message is a description, not a value.
        switch (message->Error)
        {
            case ErrorCode.NoError:
                _batch.Add(new SourceRecord(
                    message->Partition, message->Offset, ConsumerQueue.TimestampMs(message), message->Key, (int)message->KeyLength,
                    message->Value, (int)message->ValueLength, _givesHeaders ? HeadersOf(message, index) : null));
                break;
            case ErrorCode.Local_PartitionEOF:
                _batch.AddEnd(message->Partition, message->Offset);
                break;
            default:
                var error = new Error(message->Error, ConsumerQueue.Describe(message));
                var partition = message->Topic == 0 ? -1 : message->Partition;
                _batch.AddError(
                    new SourceError(SourceErrors.Classify(error), partition, message->Topic == 0 ? -1 : message->Offset, error.ToString()));
                break;
        }
    }

    // There is one reused instance for each index in a batch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MessageHeaders HeadersOf(Librdkafka.Message* message, int index)
    {
        var headers = _headers[index] ??= new MessageHeaders();
        headers.Message = message;
        return headers;
    }

    private bool AreOfOneRun(int one, int other)
    {
        var next = ConsumerQueue.At(_messages[other]);
        return next->Error == ErrorCode.NoError && next->Partition == ConsumerQueue.At(_messages[one])->Partition;
    }

    // The epoch is read only once per run of records, because a call for each record would take a tenth of the record's total time.
    private void AddEpoch(Librdkafka.Message* last)
    {
        if (last->Error == ErrorCode.NoError && ConsumerQueue.LeaderEpoch(last) is var epoch and >= 0)
            _batch.AddEpoch(last->Partition, last->Offset, epoch);
    }

    private void FreeLast()
    {
        _batch.Clear();
        ConsumerQueue.Free(_messages.AsSpan(0, _taken));
        _taken = 0;
    }

    private sealed class MessageHeaders : IRecordHeaders
    {
        public Librdkafka.Message* Message { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool TryGet(string name, out ReadOnlySpan<byte> value) => ConsumerQueue.TryGetHeader(Message, name, out value);
    }
}
