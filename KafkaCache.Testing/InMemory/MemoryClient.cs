using KafkaCaching.Logs;

namespace KafkaCaching.Testing.InMemory;

/// <summary>One cache's access to the topic.</summary>
internal sealed class MemoryClient(MemoryBroker broker, string cache) : ITopicLogClient
{
    private MemoryReader? _reader;
    private TopicLogProblem? _told;
    private TaskCompletionSource<TopicLogDescription>? _question;

    public MemoryReader? Reader => _reader;

    /// <summary>Whether the cache is idle until something changes.</summary>
    public bool IsSettled_NeedsLock => _reader is not null ? _reader.IsSettled_NeedsLock : _question is not null;

    /// <summary>Describes what the cache is doing, for error messages.</summary>
    public string Doing_NeedsLock => _reader is null
        ? $"The cache '{cache}' has no reader open."
        : $"The cache '{cache}' {_reader.Doing_NeedsLock}";

    /// <summary>If a cache asks again although nothing has changed, the task does not complete until something changes. So no test has to
    /// wait for the pause between two attempts, or move its clock.</summary>
    public Task<TopicLogDescription> DescribeAsync()
    {
        lock (broker.Gate)
        {
            var trouble = broker.Trouble_NeedsLock;
            if (trouble is not null && trouble == _told && _reader is null)
            {
                _question ??= new TaskCompletionSource<TopicLogDescription>(TaskCreationOptions.RunContinuationsAsynchronously);
                broker.Changed_NeedsLock();
                return _question.Task;
            }

            _told = trouble;
            return trouble is null ? Task.FromResult(broker.Log!.Describe()) : Task.FromException<TopicLogDescription>(Failure(trouble));
        }
    }

    public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from)
    {
        var reader = new MemoryReader(broker, topicId, from, Closed);
        lock (broker.Gate)
            _reader = reader;
        return reader;
    }

    public Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers) =>
        broker.PutAsync(key, value, headers);

    public void Dispose() => broker.Leave(this);

    /// <summary>Completes the pending description after a change, if there is one.</summary>
    public void Answer_NeedsLock()
    {
        if (_question is null || broker.Trouble_NeedsLock == _told)
            return;
        _told = broker.Trouble_NeedsLock;
        if (_told is null)
            _question.SetResult(broker.Log!.Describe());
        else
            _question.SetException(Failure(_told));
        _question = null;
    }

    private TopicLogException Failure(TopicLogProblem? problem) => problem == TopicLogProblem.Missing
        ? new TopicLogException($"The topic '{broker.Name}' does not exist: the test has deleted it.", TopicLogProblem.Missing)
        : new TopicLogException($"The topic '{broker.Name}' gives no answer: the test has cut it off.", TopicLogProblem.Unavailable);

    private void Closed(MemoryReader reader)
    {
        lock (broker.Gate)
        {
            if (_reader == reader)
                _reader = null;
        }
    }
}
