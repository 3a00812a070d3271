using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Caching.Distributed;

namespace KafkaCaching.Hybrid.Distributed;

/// <summary>Determines when an entry of the distributed cache ends: at its absolute expiration (<see cref="StoredRecord.FreshFor"/>) or its
/// sliding one, whichever comes first, counted from its record's timestamp.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>The lifetime of an entry without an expiration. As in other distributed caches, it lives until it is removed, but the
    /// topic's retention may end it earlier.</summary>
    private static readonly TimeSpan Unlimited = TimeSpan.Zero;

    /// <returns>The absolute expiration, relative to now; zero if there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An expiration has passed, or is below 1 second or above 10,000 days.</exception>
    public static TimeSpan AbsoluteOf(DistributedCacheEntryOptions options, DateTimeOffset now)
    {
        Require(options.SlidingExpiration, nameof(options.SlidingExpiration));
        var absolute = options.AbsoluteExpirationRelativeToNow ?? (options.AbsoluteExpiration is { } at ? at - now : null);
        Require(absolute, nameof(options.AbsoluteExpiration));
        return absolute ?? Unlimited;
    }

    public static DateTimeOffset Of(CacheEntry<StoredRecord> entry) =>
        LifetimeOf(entry.Value) is { } lifetime ? entry.Timestamp + lifetime : DateTimeOffset.MaxValue;

    public static PutOptions PutOptionsOf(StoredRecord record) => new()
    {
        Wait = PutWait.Applied,
        TimeToLive = LifetimeOf(record) is { } lifetime ? Lifetimes.InTopic(lifetime < Least ? Least : lifetime) : null,
    };

    private static TimeSpan? LifetimeOf(StoredRecord record) => (record.FreshFor > TimeSpan.Zero, record.Sliding > TimeSpan.Zero) switch
    {
        (true, true) => record.FreshFor < record.Sliding ? record.FreshFor : record.Sliding,
        (true, false) => record.FreshFor,
        (false, true) => record.Sliding,
        _ => null,
    };

    private static void Require(TimeSpan? expiration, string name)
    {
        if (expiration is { } time && (time < Least || time > Lifetimes.LongestOfRecords))
            throw new ArgumentOutOfRangeException(name, time, $"{name} must be from 1 second to 10,000 days from now.");
    }
}
