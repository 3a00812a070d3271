namespace KafkaCaching;

/// <summary>An index of a cache, made by <see cref="CacheIndexes{TValue}"/>. Keep it for
/// <see cref="IReadOnlyKafkaCache{TKey, TValue}.Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>. Instances are immutable.</summary>
/// <typeparam name="TTerm">The type of the terms.</typeparam>
public abstract class CacheIndex<TTerm>
{
    private protected CacheIndex(string name, bool isUnique) => (Name, IsUnique) = (name, isUnique);

    /// <summary>The name of the index.</summary>
    public string Name { get; }

    /// <summary>Whether each term is expected to have one entry. If two entries have the same, both are found, and
    /// <see cref="IndexStatus.Conflicts"/> counts them.</summary>
    public bool IsUnique { get; }
}
