using KafkaCaching.Replay.Progress;

namespace KafkaCaching.Replay.Sources;

/// <summary>The result of one call of <see cref="IRecordSource.Take"/>: records (in order within each partition), ends of partitions, and
/// errors. The instance is reused for every call.</summary>
internal sealed class RecordBatch(int capacity, bool holdsArrays = true)
{
    private readonly SourceRecord[] _records = new SourceRecord[capacity];
    private readonly List<PartitionEnd> _ends = [];
    private readonly List<PartitionEpoch> _epochs = [];
    private readonly List<SourceError> _errors = [];
    private int _count;

    public ReadOnlySpan<SourceRecord> Records => _records.AsSpan(0, _count);

    public IReadOnlyList<PartitionEnd> Ends => _ends;

    /// <summary>The leader epoch of the last record of each run of consecutive records of one partition, if the client reports
    /// it.</summary>
    public IReadOnlyList<PartitionEpoch> Epochs => _epochs;

    public IReadOnlyList<SourceError> Errors => _errors;

    /// <summary>Whether records may be missing after this batch. Nothing more is added to it, and the source is not used again.</summary>
    public bool IsLast { get; private set; }

    public bool IsFull => _count == _records.Length;

    /// <summary>Whether the source had nothing more to deliver, which is the case if the batch has room left.</summary>
    public bool LeavesNothing => _count + _ends.Count + _errors.Count < _records.Length;

    public bool IsEmpty => _count == 0 && _ends.Count == 0 && _errors.Count == 0;

    public void Add(in SourceRecord record) => _records[_count++] = record;

    public void AddEnd(int partition, long offset) => _ends.Add(new PartitionEnd(partition, offset));

    public void AddEpoch(int partition, long offset, int leaderEpoch) => _epochs.Add(new PartitionEpoch(partition, offset, leaderEpoch));

    public void AddError(SourceError error)
    {
        _errors.Add(error);
        IsLast |= error.Action == SourceErrorAction.Refetch;
    }

    public void Clear()
    {
        if (holdsArrays)
            _records.AsSpan(0, _count).Clear();
        _count = 0;
        IsLast = false;
        _ends.Clear();
        _epochs.Clear();
        _errors.Clear();
    }
}
