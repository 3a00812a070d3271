using System.Collections.Concurrent;

namespace KafkaCaching.Tests.Promises;

/// <summary>Records the position of every record that a cache applies, in order, and lets only a given number of records pass.</summary>
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

    /// <summary>Lets the given number of records pass, counted from the first. The next one is blocked.</summary>
    public void LetPass(int records)
    {
        lock (_gate)
        {
            _limit = records;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The offsets of a partition, in the order in which they were applied.</summary>
    public IEnumerable<long> Of(int partition) =>
        _passed.Where(position => position.Partition == partition).Select(static position => position.Offset);

    public void Dispose() => LetPass(int.MaxValue);
}
