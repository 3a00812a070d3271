using KafkaCaching.Logs;

namespace KafkaCaching.Testing.InMemory;

/// <summary>A topic, from its creation to its deletion.</summary>
internal sealed class MemoryLog
{
    private readonly List<MemoryPartition> _partitions = [];
    private int _withoutKey;

    public MemoryLog(string id, int partitions)
    {
        Id = id;
        Grow(partitions);
    }

    public string Id { get; }

    public IReadOnlyList<MemoryPartition> Partitions => _partitions;

    public void Grow(int total)
    {
        while (_partitions.Count < total)
            _partitions.Add(new MemoryPartition(_partitions.Count));
    }

    public MemoryPartition PartitionOf(byte[]? key) =>
        _partitions[key is null ? _withoutKey++ % _partitions.Count : Murmur2.PartitionOf(key, _partitions.Count)];

    public TopicLogDescription Describe() => new(Id, [.. _partitions.Select(static partition => partition.Range)], "compact");
}
