namespace KafkaCaching.Tests.Histories.Model;

/// <summary>A topic from its creation to its deletion. Each key is always written to the same partition.</summary>
internal sealed class ModelTopic
{
    private readonly Dictionary<string, int> _partitionOfKey = new(StringComparer.Ordinal);
    private readonly List<ModelTransaction> _open = [];

    public ModelTopic(string id, int partitions)
    {
        Id = id;
        Grow(partitions);
    }

    public string Id { get; }

    public List<ModelPartition> Partitions { get; } = [];

    public IReadOnlyList<ModelTransaction> OpenTransactions => _open;

    public void Grow(int total)
    {
        while (Partitions.Count < total)
            Partitions.Add(new ModelPartition(Partitions.Count));
    }

    public ModelPartition PartitionOf(string key, Random random)
    {
        if (!_partitionOfKey.TryGetValue(key, out var partition))
            _partitionOfKey.Add(key, partition = random.Next(Partitions.Count));
        return Partitions[partition];
    }

    public ModelTransaction Begin()
    {
        var transaction = new ModelTransaction();
        _open.Add(transaction);
        return transaction;
    }

    public void End(ModelTransaction transaction, bool commit)
    {
        transaction.State = commit ? TransactionState.Committed : TransactionState.Aborted;
        _open.Remove(transaction);
        foreach (var partition in Partitions)
            partition.MarkEnd(transaction);
    }
}
