using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>The progress of the partitions of one generation. The replay thread advances the positions and adds partitions. Any thread may
/// read them.</summary>
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

    /// <summary>The current partitions. Read the property once and keep using the returned span, because partitions may be added.</summary>
    public ReadOnlySpan<PartitionProgress> Partitions => _partitions;

    /// <summary>The number of records applied or settled, including tombstones. It is published before the positions, so a caller that has
    /// waited for a record finds it counted.</summary>
    public long RecordsApplied => Volatile.Read(ref _recordsApplied);

    /// <summary>The number of bytes in the keys and values of these records.</summary>
    public long BytesApplied => Volatile.Read(ref _bytesApplied);

    /// <summary>The number of all records that the replay has handled: those applied or settled, and those that were read again and
    /// skipped.</summary>
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

    /// <summary>Whether a batch shows that the log is not the one that was read before. Called on the replay thread before the batch is
    /// applied.</summary>
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

    /// <summary>Whether the replay has passed an awaited record that never arrived. Called on the replay thread after the batch.</summary>
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

    /// <summary>Whether records that are already in the store may arrive again. Read on the replay thread only.</summary>
    public bool MayRepeat => _areToBeProved;

    /// <summary>Skips a record whose entry is already in the store, and that was read again only for its leader epoch. Called on the replay
    /// thread only.</summary>
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

    /// <summary>Records that a record has been applied or settled. <see cref="Publish"/> makes this visible. Called on the replay thread
    /// only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PassRecord(in SourceRecord record)
    {
        _records++;
        _bytes += record.Length;
        _partitions[record.Partition].PassRecord(record.Offset, record.TimestampMs);
    }

    /// <summary>Makes the progress since the previous call visible. The entries must already be in the store. Called on the replay thread
    /// only.</summary>
    public void Publish()
    {
        Volatile.Write(ref _recordsApplied, _records);
        Volatile.Write(ref _recordsPassed, _records + _repeated);
        Volatile.Write(ref _bytesApplied, _bytes);
        foreach (var partition in _partitions)
            partition.Publish();
    }

    /// <summary>Adds partitions that have been added to the topic. Called on the replay thread only.</summary>
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

    /// <summary>Returns the position of each partition. Safe to call from any thread.</summary>
    public long[] Snapshot()
    {
        var all = Partitions;
        var positions = new long[all.Length];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = all[i].Position;
        return positions;
    }
}
