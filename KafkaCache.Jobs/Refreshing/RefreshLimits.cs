namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The limits of one refresh.</summary>
internal sealed record RefreshLimits(bool AllowEmpty, double? MaxShrink, long RowBytes, long SnapshotBytes, long TransactionBytes)
{
    /// <summary>The divisor that turns the store's memory budget into the maximum size of a version. The store needs room for both versions
    /// of each row, and for its overhead per record.</summary>
    public const int StoreShare = 3;

    /// <summary>The overhead of the store for each entry, in bytes.</summary>
    public const int EntryOverhead = 54;

    public static RefreshLimits Of<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull =>
        new(
            options.AllowEmpty, options.MaxShrink, options.MaxRowBytes, options.MaxSnapshotBytes ?? options.Store.MemoryBudget / StoreShare,
            options.MaxTransactionBytes);
}
