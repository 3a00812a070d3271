using Confluent.Kafka;
using KafkaCaching.Logs;

namespace KafkaCaching.Testing.InMemory;

/// <summary>The state of an in-memory topic, guarded by one lock, and the caches that are connected to it.</summary>
internal sealed class MemoryBroker(string name, TimeProvider time)
{
    private readonly List<MemoryClient> _clients = [];
    private readonly List<TaskCompletionSource> _settling = [];
    private readonly List<HeldPut> _held = [];
    private readonly Queue<PutFault> _faults = [];

    /// <summary>Guards all state, and is pulsed at every change.</summary>
    public object Gate { get; } = new();

    public string Name => name;

    public TimeProvider Time => time;

    /// <summary>How long caches may take to settle.</summary>
    public TimeSpan SettlePatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The topic that currently has the name, if there is one.</summary>
    public MemoryLog? Log { get; set; }

    public bool IsStalled { get; set; }

    public bool IsCutOff { get; set; }

    public IEnumerable<MemoryReader> Readers_NeedsLock => _clients.Select(static client => client.Reader).OfType<MemoryReader>();

    /// <summary>The log; <see langword="null"/> if the readers can't reach it.</summary>
    public MemoryLog? Readable_NeedsLock => IsStalled || IsCutOff ? null : Log;

    public TopicLogProblem? Trouble_NeedsLock => this switch
    {
        { IsCutOff: true } => TopicLogProblem.Unavailable,
        { Log: null } => TopicLogProblem.Missing,
        _ => null,
    };

    public bool HasGrownPast_NeedsLock(int partitions) => Readable_NeedsLock is { } log && log.Partitions.Count > partitions;

    public MemoryClient Connect(string cache)
    {
        var client = new MemoryClient(this, cache);
        lock (Gate)
            _clients.Add(client);
        return client;
    }

    public void Leave(MemoryClient client)
    {
        lock (Gate)
        {
            _clients.Remove(client);
            Changed_NeedsLock();
        }
    }

    /// <summary>Makes one change, and wakes the readers and waiters that it affects.</summary>
    public T Change<T>(Func<T> change)
    {
        lock (Gate)
        {
            var result = change();
            Changed_NeedsLock();
            return result;
        }
    }

    public void Changed_NeedsLock()
    {
        Monitor.PulseAll(Gate);
        foreach (var client in _clients)
            client.Answer_NeedsLock();
        if (_settling.Count == 0 || !_clients.TrueForAll(static client => client.IsSettled_NeedsLock))
            return;
        foreach (var one in _settling)
            one.TrySetResult();
        _settling.Clear();
    }

    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Gate)
        {
            _settling.Add(settled);
            Changed_NeedsLock();
        }

        try
        {
            await settled.Task.WaitAsync(SettlePatience, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                $"The caches of topic '{name}' have not settled within {SettlePatience.TotalSeconds} s. {Unsettled()}", late);
        }
    }

    public void FailPuts(PutFault fault, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (Gate)
        {
            if (count == 0)
                _faults.Clear();
            for (var i = 0; i < count; i++)
                _faults.Enqueue(fault);
        }
    }

    public Task<PutResult> PutAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
    {
        lock (Gate)
        {
            if (IsCutOff)
            {
                var held = new HeldPut(Copy(key)!, Copy(value), Copy(headers));
                _held.Add(held);
                return held.Outcome.Task;
            }

            return Put_NeedsLock(key, value, headers);
        }
    }

    /// <summary>Performs the puts that waited while the topic was cut off, in their order.</summary>
    public void TakeHeldPuts_NeedsLock()
    {
        foreach (var put in _held)
            put.Outcome.SetFromTask(Put_NeedsLock(put.Key, put.Value, put.Headers));
        _held.Clear();
    }

    public LogRecord Append_NeedsLock(
        byte[]? key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers, int? partition = null,
        DateTimeOffset? timestamp = null)
    {
        var log = Log ?? throw new InvalidOperationException($"The topic '{name}' does not exist: it was deleted.");
        var target = partition is { } given ? log.Partitions[given] : log.PartitionOf(key);
        return target.Append(InMilliseconds(timestamp ?? time.GetUtcNow()), Copy(key), Copy(value), Copy(headers));
    }

    private Task<PutResult> Put_NeedsLock(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
    {
        PutFault? fault = _faults.TryDequeue(out var next) ? next : Log is null ? PutFault.Refused : null;
        if (fault == PutFault.Refused)
            return Failed("The record was not written: the topic refused it.", PutOutcome.NotCommitted, ErrorCode.NotEnoughReplicas);
        if (fault == PutFault.RequestLost)
            return Unanswered();
        var record = Append_NeedsLock(key, value, headers);
        Changed_NeedsLock();
        return fault == PutFault.AnswerLost
            ? Unanswered()
            : Task.FromResult(new PutResult(record.Position.Partition, record.Position.Offset, record.Timestamp));
    }

    private static Task<PutResult> Unanswered() =>
        Failed("The record may have been written: no answer came.", PutOutcome.Unknown, ErrorCode.Local_MsgTimedOut);

    // The inner exception is a KafkaException, as for a put that brokers refuse.
    private static Task<PutResult> Failed(string message, PutOutcome outcome, ErrorCode cause) =>
        Task.FromException<PutResult>(new PutException(message, outcome, innerException: new KafkaException(new Error(cause))));

    // Kafka's timestamps are in milliseconds.
    private static DateTimeOffset InMilliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    // The bytes are copied because the caller may reuse its arrays, as with Kafka's producers.
    private static byte[]? Copy(byte[]? bytes) => (byte[]?)bytes?.Clone();

    private static KeyValuePair<string, byte[]?>[] Copy(IReadOnlyList<KeyValuePair<string, byte[]?>> headers) =>
        [.. headers.Select(static header => KeyValuePair.Create(header.Key, Copy(header.Value)))];

    private string Unsettled()
    {
        lock (Gate)
        {
            return string.Join(
                ' ', _clients.Where(static client => !client.IsSettled_NeedsLock).Select(static client => client.Doing_NeedsLock));
        }
    }

    private sealed record HeldPut(byte[] Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers)
    {
        public TaskCompletionSource<PutResult> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
