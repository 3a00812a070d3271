namespace KafkaCaching.Store;

/// <summary>Counts the entries that the stores of one cache have removed because of expiry or eviction. The writer counts them. Any thread
/// may read the counts.</summary>
internal sealed class RemovalCounts
{
    private long _expired;
    private long _evicted;

    public long Expired => Volatile.Read(ref _expired);

    public long Evicted => Volatile.Read(ref _evicted);

    public void CountExpired() => Volatile.Write(ref _expired, _expired + 1);

    public void CountEvicted() => Volatile.Write(ref _evicted, _evicted + 1);
}
