using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Caching.Distributed;

namespace KafkaCaching.Hybrid.Distributed;

/// <summary>Determines when an entry of the distributed cache expires. The absolute expiration (<see cref="StoredRecord.FreshFor"/>) and
/// the sliding expiration (<see cref="StoredRecord.Sliding"/>) are both measured from the record's timestamp; the shorter one
/// applies.</summary>
internal static class Deadline
{
    private static readonly TimeSpan MinTimeToLive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>The lifetime of an entry without an expiration. As in other distributed caches, it lives until it is removed, but the
    /// topic's retention may end it earlier.</summary>
    private static readonly TimeSpan Unlimited = TimeSpan.Zero;

    /// <returns>The absolute expiration, relative to now; zero if there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The expiration has passed.</exception>
    public static TimeSpan AbsoluteOf(DistributedCacheEntryOptions options, DateTimeOffset now)
    {
        var absolute = options.AbsoluteExpirationRelativeToNow ?? (options.AbsoluteExpiration is { } at ? at - now : null);
        if (absolute <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), absolute, "The absolute expiration must be in the future.");
        return absolute is { } time ? Storable(time) : Unlimited;
    }

    /// <returns>The sliding expiration; zero if there is none.</returns>
    public static TimeSpan SlidingOf(DistributedCacheEntryOptions options) =>
        options.SlidingExpiration is { } time ? Storable(time) : TimeSpan.Zero;

    /// <summary>Whether a read should extend the life of an entry: half of its sliding expiration has passed, and it has no absolute
    /// expiration or one that is later than the sliding one.</summary>
    public static bool NeedsExtension(CacheEntry<StoredRecord> entry, DateTimeOffset now)
    {
        var record = entry.Value;
        return record.Sliding > TimeSpan.Zero && (record.FreshFor == Unlimited || record.FreshFor > record.Sliding)
            && now - entry.Timestamp >= record.Sliding / 2;
    }

    public static DateTimeOffset Of(CacheEntry<StoredRecord> entry) =>
        LifetimeOf(entry.Value) is { } lifetime ? entry.Timestamp + lifetime : DateTimeOffset.MaxValue;

    public static PutOptions PutOptionsOf(StoredRecord record) => new()
    {
        Wait = PutWait.Applied,
        TimeToLive = LifetimeOf(record) is { } lifetime ? Lifetimes.InTopic(lifetime < MinTimeToLive ? MinTimeToLive : lifetime) : null,
    };

    private static TimeSpan? LifetimeOf(StoredRecord record) => (record.FreshFor > TimeSpan.Zero, record.Sliding > TimeSpan.Zero) switch
    {
        (true, true) => record.FreshFor < record.Sliding ? record.FreshFor : record.Sliding,
        (true, false) => record.FreshFor,
        (false, true) => record.Sliding,
        _ => null,
    };

    // Times are stored in whole milliseconds, and zero means that there is no expiration, so a shorter time is rounded up. An expiration of
    // DateTimeOffset.MaxValue, which callers use for "never", exceeds what a record can have.
    private static TimeSpan Storable(TimeSpan time) => time < Millisecond ? Millisecond : Lifetimes.OfRecord(time);
}
