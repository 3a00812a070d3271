using KafkaCaching.Logs;

namespace KafkaCaching.Testing.InMemory;

/// <summary>The log of one partition.</summary>
internal sealed class MemoryPartition(int number)
{
    private readonly List<LogRecord> _records = [];

    public IReadOnlyList<LogRecord> Records => _records;

    public long LogStart { get; private set; }

    public long End { get; private set; }

    public LogRange Range => new(LogStart, End, End);

    public LogRecord Append(
        DateTimeOffset timestamp, byte[]? key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
    {
        var record = new LogRecord(new CachePosition(number, End++), timestamp, key, value, headers);
        _records.Add(record);
        return record;
    }

    /// <summary>The index of the first record at or above an offset.</summary>
    public int IndexOf(long offset)
    {
        var (low, high) = (0, _records.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_records[middle].Position.Offset < offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Removes the records without a key, and those for which there is a later record with the same key, as Kafka's log cleaner
    /// does.</summary>
    public void Compact(bool removeTombstones)
    {
        var latest = new Dictionary<string, LogRecord>(StringComparer.Ordinal);
        foreach (var record in _records)
        {
            if (record.Key is not null)
                latest[Convert.ToHexString(record.Key)] = record;
        }

        _records.RemoveAll(record => record.Key is null
            || latest[Convert.ToHexString(record.Key)] != record || (removeTombstones && record.Value is null));
    }

    public void DeleteBefore(long offset)
    {
        LogStart = Math.Max(LogStart, offset);
        _records.RemoveAll(record => record.Position.Offset < LogStart);
    }

    public void Truncate(long from)
    {
        End = from;
        LogStart = Math.Min(LogStart, from);
        _records.RemoveAll(record => record.Position.Offset >= from);
    }
}
