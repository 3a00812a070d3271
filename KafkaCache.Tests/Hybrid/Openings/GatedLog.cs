using System.Text;
using KafkaCaching.Logs;

namespace KafkaCaching.Tests.Hybrid.Openings;

/// <summary>A pod's way to the topic. The pod can be held before it writes some records, as by a scheduler, or die there.</summary>
internal sealed class GatedLog(ITopicLog log) : ITopicLog
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _held = Open();
    private byte[]? _prefix;
    private bool _dies;
    private volatile bool _isDead;

    /// <summary>Whether a record is held.</summary>
    public bool IsHolding { get; private set; }

    public bool IsDead => _isDead;

    /// <summary>Whether the brokers refuse what the pod writes.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Holds records of keys with this prefix from now on.</summary>
    public void Hold(string prefix)
    {
        lock (_gate)
            (_prefix, _held, IsHolding) = (Encoding.UTF8.GetBytes(prefix), new TaskCompletionSource(), false);
    }

    /// <summary>Holds no more, but what is held.</summary>
    public void Pass()
    {
        lock (_gate)
            _prefix = null;
    }

    public void Release()
    {
        lock (_gate)
        {
            (_prefix, _dies) = (null, false);
            _held.TrySetResult();
        }
    }

    /// <summary>Lets the pod die instead of writing the next record of a key with this prefix: nothing that it writes gets to the
    /// topic.</summary>
    public void DieAt(string prefix)
    {
        lock (_gate)
            (_prefix, _dies) = (Encoding.UTF8.GetBytes(prefix), true);
    }

    public ITopicLogClient Connect(string cache) => new Client(this, log.Connect(cache));

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private Task Passage(byte[] key)
    {
        lock (_gate)
        {
            var isMeant = _prefix is not null && key.AsSpan().StartsWith(_prefix);
            if (isMeant && _dies)
                _isDead = true;
            if (_isDead)
                return Task.FromException(new PutException("The pod is dead.", PutOutcome.NotCommitted));
            if (IsRefused)
                return Task.FromException(new PutException("The brokers are away.", PutOutcome.NotCommitted));
            if (!isMeant)
                return Task.CompletedTask;
            IsHolding = true;
            return _held.Task;
        }
    }

    private sealed class Client(GatedLog gate, ITopicLogClient client) : ITopicLogClient
    {
        public Task<TopicLogDescription> DescribeAsync() => client.DescribeAsync();

        public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from) => client.OpenReader(topicId, from);

        public async Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
        {
            await gate.Passage(key);
            return await client.AppendAsync(key, value, headers);
        }

        public void Dispose() => client.Dispose();
    }
}
