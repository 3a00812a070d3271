namespace KafkaCaching;

/// <summary>An index of a cache, created by <see cref="CacheIndexes{TValue}"/>. Keep it for calls of
/// <see cref="IReadOnlyKafkaCache{TKey, TValue}.Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>. Instances are immutable.</summary>
/// <typeparam name="TTerm">The type of the terms.</typeparam>
public abstract class CacheIndex<TTerm> : CacheIndex
{
    private protected CacheIndex(string name, bool isUnique)
        : base(name, isUnique, typeof(TTerm))
    {
    }
}
