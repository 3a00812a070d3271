using System.Text;
using KafkaCaching.Logs;

namespace KafkaCaching.Tests.Hybrid.Openings;

/// <summary>A pod's log. A test can block the pod before it writes certain records, or let it die there.</summary>
internal sealed class GatedLog(ITopicLog log) : ITopicLog
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _held = Open();
    private byte[]? _prefix;
    private bool _dies;
    private volatile bool _isDead;

    /// <summary>Whether a record is blocked.</summary>
    public bool IsHolding { get; private set; }

    public bool IsDead => _isDead;

    /// <summary>Whether the brokers refuse the pod's records.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Blocks the records of keys with this prefix from now on.</summary>
    public void Hold(string prefix)
    {
        lock (_gate)
            (_prefix, _held, IsHolding) = (Encoding.UTF8.GetBytes(prefix), new TaskCompletionSource(), false);
    }

    /// <summary>Blocks no further records. A record that is already blocked remains blocked.</summary>
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

    /// <summary>Makes the pod die at the next record of a key with this prefix. This record and all later ones don't reach the
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
