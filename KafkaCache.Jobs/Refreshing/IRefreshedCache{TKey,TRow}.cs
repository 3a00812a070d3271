namespace KafkaCaching.Jobs;

/// <summary>A cache whose rows one elected instance fetches for all instances. Safe to use from any thread.</summary>
/// <typeparam name="TKey">The type of the IDs.</typeparam>
/// <typeparam name="TRow">The type of the rows.</typeparam>
public interface IRefreshedCache<TKey, TRow> : IRefreshedCache
    where TKey : notnull
{
    /// <summary>The newest version that this instance has read completely. Reading the property costs one reference read. Read it once for
    /// everything that must come from the same version.</summary>
    /// <exception cref="RefreshedCacheNotReadyException">There is no version yet.</exception>
    Snapshot<TKey, TRow> Current { get; }
}
