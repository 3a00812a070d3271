using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>The progress of the partitions of one generation. The replay thread advances them and adds to them; any thread may read
/// them.</summary>
internal sealed class Positions(PartitionProgress[] partitions)
{
    private volatile PartitionProgress[] _partitions = partitions;
    private bool _areToBeProved = Array.Exists(partitions, static partition => partition.IsAwaited);
    private long _records;
    private long _bytes;
    private long _repeated;
    private long _recordsApplied;
    private long _recordsPassed;
    private long _bytesApplied;

    /// <summary>The current partitions. Read the property once and use that span, because partitions may be added.</summary>
    public ReadOnlySpan<PartitionProgress> Partitions => _partitions;

    /// <summary>The number of records applied or settled, tombstones included. It is never behind the positions: a caller that has waited
    /// for a record finds it counted.</summary>
    public long RecordsApplied => Volatile.Read(ref _recordsApplied);

    /// <summary>The bytes of the keys and values of these records.</summary>
    public long BytesApplied => Volatile.Read(ref _bytesApplied);

    /// <summary>The number of these records plus those that were read again and skipped: all records that the replay has handled.</summary>
    public long RecordsPassed => Volatile.Read(ref _recordsPassed);

    public int Count => _partitions.Length;

    public PartitionProgress this[int partition] => _partitions[partition];

    public bool HaveReachedTargets
    {
        get
        {
            foreach (var partition in _partitions)
            {
                if (!partition.HasReachedTarget)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Whether a batch shows that the log is not the one whose records were read before. Called on the replay thread before the
    /// batch is applied.</summary>
    public bool AreContradictedBy(RecordBatch batch)
    {
        if (!_areToBeProved)
            return false;
        foreach (var partition in _partitions)
        {
            if (partition.IsAwaited && FirstEpoch(batch, partition.Partition) is { } first && partition.Contradicts(first))
                return true;
        }

        return false;
    }

    /// <summary>Whether an awaited record was passed without having arrived. Called on the replay thread after the batch.</summary>
    public bool AreContradicted()
    {
        if (!_areToBeProved)
            return false;
        _areToBeProved = false;
        foreach (var partition in _partitions)
        {
            if (partition.IsContradicted)
                return true;
            _areToBeProved |= partition.IsAwaited;
        }

        return false;
    }

    /// <summary>Whether records that are in the store already may arrive again. Read on the replay thread only.</summary>
    public bool MayRepeat => _areToBeProved;

    /// <summary>Passes a record if its entry is in the store already and it was read only for its leader epoch. Called on the replay thread
    /// only.</summary>
    public bool PassRepeated(in SourceRecord record)
    {
        var partition = _partitions[record.Partition];
        if (record.Offset >= partition.Start)
            return false;
        _repeated++;
        partition.PassTo(record.Offset + 1);
        return true;
    }

    /// <summary>The total number of offsets to replay, and the number passed so far.</summary>
    public (long Total, long Passed) Replayed
    {
        get
        {
            long total = 0, passed = 0;
            foreach (var partition in _partitions)
            {
                total += partition.Target - partition.Start;
                passed += Math.Max(0, Math.Min(partition.Position, partition.Target) - partition.Start);
            }

            return (total, passed);
        }
    }

    /// <summary>The fraction of the replay that is done, from 0 to 1.</summary>
    public double Progress
    {
        get
        {
            var (total, passed) = Replayed;
            return total == 0 ? 1 : (double)passed / total;
        }
    }

    /// <summary>Notes an applied or settled record. <see cref="Publish"/> makes it visible. Called on the replay thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PassRecord(in SourceRecord record)
    {
        _records++;
        _bytes += record.Length;
        _partitions[record.Partition].PassRecord(record.Offset, record.TimestampMs);
    }

    /// <summary>Makes the noted records and offsets visible, once their entries are in the store. Called on the replay thread
    /// only.</summary>
    public void Publish()
    {
        Volatile.Write(ref _recordsApplied, _records);
        Volatile.Write(ref _recordsPassed, _records + _repeated);
        Volatile.Write(ref _bytesApplied, _bytes);
        foreach (var partition in _partitions)
            partition.Publish();
    }

    /// <summary>Adds the new partitions of a topic that has grown. Called on the replay thread only.</summary>
    public void Add(ReadOnlySpan<PartitionProgress> added) => _partitions = [.. _partitions, .. added];

    private static PartitionEpoch? FirstEpoch(RecordBatch batch, int partition)
    {
        for (var i = 0; i < batch.Epochs.Count; i++)
        {
            if (batch.Epochs[i].Partition == partition)
                return batch.Epochs[i];
        }

        return null;
    }

    /// <summary>The position of each partition. Safe to call from any thread.</summary>
    public long[] Snapshot()
    {
        var all = Partitions;
        var positions = new long[all.Length];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = all[i].Position;
        return positions;
    }
}
