using System.Text;
using KafkaCaching.Logs;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>A topic that loses the marks of one kind: they are written under a key that no cache reads.</summary>
internal sealed class LosingLog(ITopicLog log, string kind) : ITopicLog
{
    public ITopicLogClient Connect(string cache) => new Client(log.Connect(cache), Encoding.UTF8.GetBytes($"\0tag/{kind}/"));

    private sealed class Client(ITopicLogClient client, byte[] lost) : ITopicLogClient
    {
        public Task<TopicLogDescription> DescribeAsync() => client.DescribeAsync();

        public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from) => client.OpenReader(topicId, from);

        public Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers) =>
            client.AppendAsync(key.AsSpan().StartsWith(lost) ? [.. "\0tag/lost"u8] : key, value, headers);

        public void Dispose() => client.Dispose();
    }
}
