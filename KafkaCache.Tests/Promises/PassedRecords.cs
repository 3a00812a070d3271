using System.Collections.Concurrent;

namespace KafkaCaching.Tests.Promises;

/// <summary>Every record that comes to a cache's apply, in order, and a gate that lets so many pass and no more.</summary>
internal sealed class PassedRecords : IDisposable
{
    private readonly ConcurrentQueue<CachePosition> _passed = [];
    private readonly object _gate = new();
    private int _limit = int.MaxValue;

    public int Count => _passed.Count;

    public void Watch(KafkaCacheOptions<string, string> options) => options.ValidateRecord = (in CacheRecord record) =>
    {
        lock (_gate)
        {
            while (_passed.Count >= _limit)
                Monitor.Wait(_gate);
        }

        _passed.Enqueue(new CachePosition(record.Partition, record.Offset));
        return true;
    };

    /// <summary>So many may pass, counted from the first; the next one waits.</summary>
    public void LetPass(int records)
    {
        lock (_gate)
        {
            _limit = records;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Each partition's offsets in the order they came.</summary>
    public IEnumerable<long> Of(int partition) =>
        _passed.Where(position => position.Partition == partition).Select(static position => position.Offset);

    public void Dispose() => LetPass(int.MaxValue);
}
