using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Counts by name. Safe to use from any thread.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new(StringComparer.Ordinal);

    public long this[string name] => _counts.TryGetValue(name, out var count) ? Volatile.Read(ref count.Value) : 0;

    public void Add(string name, long amount = 1) =>
        Interlocked.Add(ref _counts.GetOrAdd(name, static _ => new StrongBox<long>()).Value, amount);

    public long Total => _counts.Values.Sum(static count => Volatile.Read(ref count.Value));

    public SortedDictionary<string, long> All()
    {
        var all = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in _counts)
            all.Add(name, Volatile.Read(ref count.Value));
        return all;
    }
}
