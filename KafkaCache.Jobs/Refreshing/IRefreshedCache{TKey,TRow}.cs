namespace KafkaCaching.Jobs;

/// <summary>A cache whose rows one elected instance fetches for all. Safe to use from any thread.</summary>
/// <typeparam name="TKey">The type of the IDs.</typeparam>
/// <typeparam name="TRow">The type of the rows.</typeparam>
public interface IRefreshedCache<TKey, TRow> : IRefreshedCache
    where TKey : notnull
{
    /// <summary>The newest version that is complete in this instance. It costs one read of a reference. Take it once for all that belongs
    /// together.</summary>
    /// <exception cref="RefreshedCacheNotReadyException">There is no version yet.</exception>
    Snapshot<TKey, TRow> Current { get; }
}
