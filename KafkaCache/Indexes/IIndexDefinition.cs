namespace KafkaCaching.Indexes;

/// <summary>An index as it was declared.</summary>
internal interface IIndexDefinition<in TValue>
{
    string Name { get; }

    bool IsUnique { get; }

    /// <summary>Adds the hashes of a value's terms. Equal terms have equal hashes.</summary>
    void AddHashes(TValue value, List<ulong> hashes);
}
