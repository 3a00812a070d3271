namespace KafkaCaching;

/// <summary>An index of a cache, for code that doesn't know the type of the index's terms. Instances are immutable.</summary>
public abstract class CacheIndex
{
    private protected CacheIndex(string name, bool isUnique, Type termType) => (Name, IsUnique, TermType) = (name, isUnique, termType);

    /// <summary>The name of the index.</summary>
    public string Name { get; }

    /// <summary>Whether each term is expected to have only one entry. If two entries have the same term, both are found, and
    /// <see cref="IndexStatus.Conflicts"/> counts them.</summary>
    public bool IsUnique { get; }

    /// <summary>The type of the terms.</summary>
    public Type TermType { get; }
}
