using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>How far the partitions of one generation are. The replay thread advances them and adds to them; anyone reads them.</summary>
internal sealed class Positions(PartitionProgress[] partitions)
{
    private volatile PartitionProgress[] _partitions = partitions;
    private long _records;
    private long _bytes;
    private long _recordsApplied;
    private long _bytesApplied;

    /// <summary>The partitions as they are now; ask once for all of them, since they may become more.</summary>
    public ReadOnlySpan<PartitionProgress> Partitions => _partitions;

    /// <summary>Records applied or settled, tombstones included. Never behind the positions: who waited for one finds it counted.</summary>
    public long RecordsApplied => Volatile.Read(ref _recordsApplied);

    /// <summary>Bytes of their keys and values.</summary>
    public long BytesApplied => Volatile.Read(ref _bytesApplied);

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

    /// <summary>Offsets to replay in all, and those passed so far.</summary>
    public (long Total, long Passed) Replayed
    {
        get
        {
            long total = 0, passed = 0;
            foreach (var partition in _partitions)
            {
                total += partition.Target - partition.LogStart;
                passed += Math.Min(partition.Position, partition.Target) - partition.LogStart;
            }

            return (total, passed);
        }
    }

    /// <summary>How much of the replay is done, from 0 to 1.</summary>
    public double Progress
    {
        get
        {
            var (total, passed) = Replayed;
            return total == 0 ? 1 : (double)passed / total;
        }
    }

    /// <summary>Replay thread. Notes an applied or settled record; <see cref="Publish"/> shows it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PassRecord(in SourceRecord record)
    {
        _records++;
        _bytes += record.Length;
        _partitions[record.Partition].PassRecord(record.Offset, record.TimestampMs);
    }

    /// <summary>Replay thread. Shows what a batch has passed, once its entries are in the store.</summary>
    public void Publish()
    {
        Volatile.Write(ref _recordsApplied, _records);
        Volatile.Write(ref _bytesApplied, _bytes);
        foreach (var partition in _partitions)
            partition.Publish();
    }

    /// <summary>Replay thread. The topic has grown: these go on beside the ones that are there.</summary>
    public void Add(ReadOnlySpan<PartitionProgress> added) => _partitions = [.. _partitions, .. added];

    /// <summary>Any thread. The position of each partition.</summary>
    public long[] Snapshot()
    {
        var all = Partitions;
        var positions = new long[all.Length];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = all[i].Position;
        return positions;
    }
}
