namespace KafkaCaching.Replay.Sources;

/// <summary>What one turn of a source brought: records in the order of each partition, ends of partitions, errors. Reused for every
/// turn.</summary>
internal sealed class RecordBatch(int capacity, bool holdsArrays = true)
{
    private readonly SourceRecord[] _records = new SourceRecord[capacity];
    private readonly List<PartitionEnd> _ends = [];
    private readonly List<PartitionEpoch> _epochs = [];
    private readonly List<SourceError> _errors = [];
    private int _count;

    public ReadOnlySpan<SourceRecord> Records => _records.AsSpan(0, _count);

    public IReadOnlyList<PartitionEnd> Ends => _ends;

    /// <summary>Of the last record of each run of a partition's records, where the client tells.</summary>
    public IReadOnlyList<PartitionEpoch> Epochs => _epochs;

    public IReadOnlyList<SourceError> Errors => _errors;

    /// <summary>Whether what the source would deliver behind it may have a gap before it: it is not added, and the source not asked
    /// again.</summary>
    public bool IsLast { get; private set; }

    public bool IsFull => _count == _records.Length;

    /// <summary>Whether it had room for more, so that the source had no more.</summary>
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
