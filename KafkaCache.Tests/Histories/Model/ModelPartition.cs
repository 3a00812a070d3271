using System.Text;

namespace KafkaCaching.Tests.Histories.Model;

/// <summary>The log of one partition. A truncated one lives on beside its successor, for those who have read it.</summary>
internal sealed class ModelPartition
{
    private readonly List<ModelRecord> _records = [];
    private readonly List<(int Epoch, long Start)> _epochs = [(0, 0)];
    private long _lastMarker = -1;

    public ModelPartition(int number) => Number = number;

    private ModelPartition(ModelPartition parent, long forkedAt)
    {
        (Number, Parent, ForkedAt) = (parent.Number, parent, forkedAt);
        _records.AddRange(parent._records.Where(record => record.Offset < forkedAt));
        _epochs = [.. parent._epochs.Where(epoch => epoch.Start < forkedAt), (parent.LeaderEpoch + 1, forkedAt)];
        (LogStart, HighWatermark, _lastMarker) = (Math.Min(parent.LogStart, forkedAt), forkedAt, parent._lastMarker);
    }

    public int Number { get; }

    /// <summary>The log that this one was cut from, and where.</summary>
    public ModelPartition? Parent { get; }

    public long ForkedAt { get; }

    /// <summary>All that was written, cleaned or deleted or not, in the order of offsets.</summary>
    public IReadOnlyList<ModelRecord> Records => _records;

    public long LogStart { get; private set; }

    public long HighWatermark { get; private set; }

    public int LeaderEpoch => _epochs[^1].Epoch;

    public long LastStableOffset => _records.Find(static record => record.IsOpen)?.Offset ?? HighWatermark;

    public ModelRecord Append(long timestampMs, byte[]? key, byte[]? value, Flaw flaw, ModelTransaction? transaction)
    {
        var record = new ModelRecord(Number, HighWatermark++, timestampMs, key, value, flaw, transaction);
        _records.Add(record);
        return record;
    }

    /// <summary>The marker takes an offset of each partition that the transaction wrote to.</summary>
    public void MarkEnd(ModelTransaction transaction)
    {
        if (_records.Exists(record => record.IsOf(transaction)))
            _lastMarker = HighWatermark++;
    }

    /// <summary>A record that was found at its offset, maybe below others that are known already.</summary>
    public void Note(ModelRecord record)
    {
        var after = _records.FindLastIndex(other => other.Offset <= record.Offset);
        if (after >= 0 && _records[after].Offset == record.Offset)
            return;
        _records.Insert(after + 1, record);
        PassTo(record.Offset + 1);
    }

    /// <summary>The log ends there, whatever takes the offsets below.</summary>
    public void PassTo(long highWatermark) => HighWatermark = Math.Max(HighWatermark, highWatermark);

    /// <summary>Takes what a later committed record of its key supersedes, below an offset; tombstones too, once they have stood for their
    /// time and lie below another.</summary>
    public void Clean(long below, TimeSpan now, TimeSpan deleteRetention, long tombstonesBelow)
    {
        var later = new HashSet<string>(StringComparer.Ordinal);
        var end = Math.Min(below, LastStableOffset);
        for (var i = _records.Count - 1; i >= 0; i--)
        {
            var record = _records[i];
            if (record.Offset >= end || record.IsHidden)
                continue;
            if (record.Key is null || !later.Add(Encoding.Latin1.GetString(record.Key)))
                record.IsCleaned = record.IsSuperseded = true;
            else if (record.Value is null && (record.FirstCleaned ??= now) + deleteRetention <= now && record.Offset < tombstonesBelow)
                record.IsCleaned = true;
        }
    }

    public void DeleteBefore(long offset) => LogStart = Math.Max(LogStart, Math.Min(offset, HighWatermark));

    /// <summary>Another leader takes over, which has all the records.</summary>
    public void Elect() => _epochs.Add((LeaderEpoch + 1, HighWatermark));

    /// <summary>The leader epoch of the record at an offset.</summary>
    public int EpochAt(long offset) => _epochs.FindLast(epoch => epoch.Start <= offset).Epoch;

    /// <summary>Where the records of a leader epoch end, as brokers say it.</summary>
    public long EndOf(int epoch)
    {
        var later = _epochs.FindIndex(other => other.Epoch > epoch);
        return later < 0 ? HighWatermark : _epochs[later].Start;
    }

    /// <summary>The log of a leader that never had the records from here on. Never below a marker: the cut would open its transaction
    /// again.</summary>
    public ModelPartition Truncate(long from) => new(this, Math.Clamp(from, Math.Max(_lastMarker + 1, LogStart), HighWatermark));

    /// <summary>Up to where this log and a later one of the partition hold the same.</summary>
    public long AgreesWith(ModelPartition later)
    {
        var agrees = long.MaxValue;
        for (var log = later; log != this; log = log.Parent!)
            agrees = Math.Min(agrees, log.ForkedAt);
        return agrees;
    }

    public bool IsAncestorOf(ModelPartition later)
    {
        for (var log = later; log is not null; log = log.Parent)
        {
            if (log == this)
                return true;
        }

        return false;
    }
}
