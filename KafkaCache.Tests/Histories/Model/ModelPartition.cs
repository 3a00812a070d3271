using System.Text;

namespace KafkaCaching.Tests.Histories.Model;

/// <summary>The log of one partition. A truncation creates a successor, and the old log is kept for comparison.</summary>
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

    /// <summary>The log from which this one was created by truncation.</summary>
    public ModelPartition? Parent { get; }

    public long ForkedAt { get; }

    /// <summary>All records that were written, including those that were compacted or deleted, by offset.</summary>
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

    /// <summary>Writes the marker, which occupies an offset in each partition of the transaction.</summary>
    public void MarkEnd(ModelTransaction transaction)
    {
        if (_records.Exists(record => record.IsOf(transaction)))
            _lastMarker = HighWatermark++;
    }

    /// <summary>Adds a record that was found in the log, possibly below others that are already known.</summary>
    public void Note(ModelRecord record)
    {
        var after = _records.FindLastIndex(other => other.Offset <= record.Offset);
        if (after >= 0 && _records[after].Offset == record.Offset)
            return;
        _records.Insert(after + 1, record);
        PassTo(record.Offset + 1);
    }

    /// <summary>Moves the end of the log to at least this offset.</summary>
    public void PassTo(long highWatermark) => HighWatermark = Math.Max(HighWatermark, highWatermark);

    /// <summary>Removes records below an offset that have a later committed record of the same key, and tombstones below another offset
    /// that are older than the retention time.</summary>
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

    /// <summary>Elects another leader, which has all records.</summary>
    public void Elect() => _epochs.Add((LeaderEpoch + 1, HighWatermark));

    /// <summary>The leader epoch of the record at an offset.</summary>
    public int EpochAt(long offset) => _epochs.FindLast(epoch => epoch.Start <= offset).Epoch;

    /// <summary>The end offset of a leader epoch, as in OffsetForLeaderEpoch.</summary>
    public long EndOf(int epoch)
    {
        var later = _epochs.FindIndex(other => other.Epoch > epoch);
        return later < 0 ? HighWatermark : _epochs[later].Start;
    }

    /// <summary>Returns the log of a new leader that lacks the records from an offset on. It never truncates below a transaction marker,
    /// because this would reopen the transaction.</summary>
    public ModelPartition Truncate(long from) => new(this, Math.Clamp(from, Math.Max(_lastMarker + 1, LogStart), HighWatermark));

    /// <summary>The offset up to which this log and a later log of the partition are the same.</summary>
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
