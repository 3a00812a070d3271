using System.Collections.Concurrent;

namespace KafkaCaching.Hybrid.Distributed;

/// <summary>Tracks the entries whose sliding expiration this process is extending, so that many readers of one entry write only one
/// extension.</summary>
internal sealed class Extensions
{
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    public bool TryBegin(string key) => _underWay.TryAdd(key, true);

    public void End(string key) => _underWay.TryRemove(key, out _);
}
