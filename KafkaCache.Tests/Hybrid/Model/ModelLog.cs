using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>A compacted topic of the model. It can be made again, which empties it and gives it another ID.</summary>
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

    /// <summary>Removes the records that a later one of their key supersedes, if that one lies below an offset.</summary>
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

/// <summary>What a mark demands of every read after it: a version of the source at least.</summary>
/// <param name="Scope">Which mark it is of.</param>
/// <param name="Keys">The keys that are invalidated.</param>
/// <param name="Versions">The version of each that was there when the invalidation began.</param>
internal sealed record Demand(DemandScope Scope, int[] Keys, int[] Versions);

internal enum DemandScope
{
    /// <summary>A tag's mark, or that of everything: it demands on top of what is demanded already.</summary>
    Tags,

    /// <summary>A removal of a key.</summary>
    Removal,

    /// <summary>A set of a key. It takes the place of what removals and sets before it demanded: an explicit set at the same time as a
    /// removal is after it if its mark is.</summary>
    Set,
}
