using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>The compacted topic of the model. It can be recreated, empty and with another ID.</summary>
internal sealed class ModelLog(int partitions)
{
    private readonly List<Record>[] _partitions = [.. Enumerable.Range(0, partitions).Select(static _ => new List<Record>())];

    public int Partitions => partitions;

    public int Generation { get; private set; }

    public string Id => $"topic-{Generation}";

    public long End(int partition) => _partitions[partition].Count;

    public int PartitionOf(string key)
    {
        var hash = 17;
        foreach (var c in key)
            hash = hash * 31 + c;
        return (int)((uint)hash % (uint)partitions);
    }

    public CachePosition Append(string key, StoredRecord record, params Demand[] demands)
    {
        var partition = PartitionOf(key);
        _partitions[partition].Add(new Record(key, record, demands));
        return new CachePosition(partition, _partitions[partition].Count - 1);
    }

    public bool Has(string key) => _partitions[PartitionOf(key)].Exists(record => record.Key == key);

    /// <returns>The record; <see langword="null"/> if compaction has removed it.</returns>
    public Record? At(int partition, long offset) => _partitions[partition][(int)offset] is { IsCompacted: false } record ? record : null;

    /// <summary>Removes the records for which there is a later record of the same key below an offset.</summary>
    public void Compact(int partition, long before)
    {
        var latest = new HashSet<string>(StringComparer.Ordinal);
        for (var i = (int)Math.Min(before, End(partition)) - 1; i >= 0; i--)
        {
            if (!latest.Add(_partitions[partition][i].Key))
                _partitions[partition][i].IsCompacted = true;
        }
    }

    public void Recreate()
    {
        Generation++;
        foreach (var partition in _partitions)
            partition.Clear();
    }

    internal sealed record Record(string Key, StoredRecord Value, Demand[] Demands)
    {
        public bool IsCompacted { get; set; }
    }
}

/// <summary>The minimum versions of the source that every read after a mark must return.</summary>
/// <param name="Scope">The kind of the mark.</param>
/// <param name="Keys">The keys that are invalidated.</param>
/// <param name="Versions">The version of each key when the invalidation began.</param>
internal sealed record Demand(DemandScope Scope, int[] Keys, int[] Versions);

internal enum DemandScope
{
    /// <summary>The mark of a tag or of all entries. It is in effect in addition to earlier demands.</summary>
    Tags,

    /// <summary>A removal of a key.</summary>
    Removal,

    /// <summary>A set of a key. It replaces the demands of earlier removals and sets of the key. If a set and a removal run concurrently,
    /// the one with the later mark counts as later.</summary>
    Set,
}
