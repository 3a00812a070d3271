namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The limits of one refresh.</summary>
internal sealed record RefreshLimits(bool AllowEmpty, double? MaxShrink, long RowBytes, long SnapshotBytes, long TransactionBytes)
{
    /// <summary>The maximum size of a version is the store's memory budget divided by this number. During a refresh, the store may hold two
    /// versions of each row, and it has an overhead per record.</summary>
    public const int StoreShare = 3;

    /// <summary>The overhead of the store for each entry, in bytes.</summary>
    public const int EntryOverhead = 54;

    public static RefreshLimits Of<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull =>
        new(
            options.AllowEmpty, options.MaxShrink, options.MaxRowBytes, options.MaxSnapshotBytes ?? options.Store.MemoryBudget / StoreShare,
            options.MaxTransactionBytes);
}
