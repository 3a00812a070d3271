using System.Text;
using KafkaCaching.Logs;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>A log on which a test can delay the puts of one key, like a slow partition leader. The puts of other keys are not
/// delayed.</summary>
internal sealed class HeldPuts(ITopicLog log) : ITopicLog
{
    private volatile Held? _held;

    public TimeSpan RetryPause => log.RetryPause;

    public void Hold(string key) =>
        _held = new Held(Encoding.UTF8.GetBytes(key), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Release()
    {
        var held = _held!;
        _held = null;
        held.Released.SetResult();
    }

    public ITopicLogClient Connect(string cache) => new Client(log.Connect(cache), this);

    private sealed record Held(byte[] Key, TaskCompletionSource Released);

    private sealed class Client(ITopicLogClient client, HeldPuts puts) : ITopicLogClient
    {
        public Task<TopicLogDescription> DescribeAsync() => client.DescribeAsync();

        public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from) => client.OpenReader(topicId, from);

        public async Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
        {
            if (puts._held is { } held && key.AsSpan().SequenceEqual(held.Key))
                await held.Released.Task;
            return await client.AppendAsync(key, value, headers);
        }

        public void Dispose() => client.Dispose();
    }
}
