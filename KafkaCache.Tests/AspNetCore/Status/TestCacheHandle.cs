using KafkaCaching.Hosting;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>A real cache, as the page sees it.</summary>
internal sealed class TestCacheHandle(KafkaCache<string, string> cache) : ICacheHandle
{
    public string Name => cache.Name;

    public string Topic => cache.Topic;

    public bool IsReadOnly => true;

    public CacheStatus Status => cache.Status;

    public FoundEntry? Find(string key) => cache.TryGetEntry(key, out var entry)
        ? new FoundEntry(entry.Value, FoundFormat.Text, entry.Partition, entry.Offset, entry.Timestamp)
        : null;

    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken) => cache.WaitUntilAppliedAsync(position, cancellationToken);
}
