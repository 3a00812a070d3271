using System.Collections.Concurrent;

namespace KafkaCaching.Hybrid.Distributed;

/// <summary>The extensions of sliding expirations that this process is writing, so that many readers of one entry write only one.</summary>
internal sealed class Extensions
{
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    public bool TryBegin(string key) => _underWay.TryAdd(key, true);

    public void End(string key) => _underWay.TryRemove(key, out _);
}
