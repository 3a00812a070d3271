using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Hybrid.Options;

/// <summary>Determines how long entries and marks live.</summary>
internal sealed class Lifetimes(KafkaHybridCacheOptions options)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A value is not stored if its factory ran for longer than this.</summary>
    public static readonly TimeSpan MaxFillTime = TimeSpan.FromMinutes(30);

    // The longest PutOptions.TimeToLive.
    private static readonly TimeSpan MaxOfRecord = TimeSpan.FromDays(10_000);

    // A mark must outlive every entry that it invalidates, even one whose fill was under way when the mark was put and was stored as late
    // as MaxFillTime allows. The other half hour allows for clocks that differ.
    private static readonly TimeSpan MarkMargin = MaxFillTime + TimeSpan.FromMinutes(30);

    /// <summary>The longest expiration that a caller may give.</summary>
    public TimeSpan MaxTimeToLive { get; } = options.MaxTimeToLive;

    public TimeSpan StaleIfError { get; } = options.StaleIfError;

    public TimeSpan OfMarks { get; } = options.MaxTimeToLive + options.StaleIfError + MarkMargin;

    /// <summary>The time to live of an entry's record, given how long the entry may be served. It is slightly longer than that time,
    /// because the underlying cache may let a record expire early, by up to 1/1024 of its time to live. The entry itself expires at its
    /// exact time.</summary>
    public static TimeSpan InTopic(TimeSpan served) => OfRecord(served + (served / 512));

    /// <summary>A time to live, or the longest that a record can have if that is shorter.</summary>
    public static TimeSpan OfRecord(TimeSpan time) => time < MaxOfRecord ? time : MaxOfRecord;

    /// <summary>How long an entry is fresh.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The expiration is out of range.</exception>
    public TimeSpan FreshFor(HybridCacheEntryOptions? entry) => Checked(entry?.Expiration) ?? options.TimeToLive;

    /// <summary>How long an entry that only this process keeps is fresh.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The expiration is out of range.</exception>
    public TimeSpan LocallyFreshFor(HybridCacheEntryOptions? entry) => Checked(entry?.LocalCacheExpiration) ?? FreshFor(entry);

    /// <exception cref="ArgumentOutOfRangeException">An expiration is out of range.</exception>
    public void Require(HybridCacheEntryOptions? entry)
    {
        if (entry is null)
            return;
        _ = Checked(entry.Expiration);
        _ = Checked(entry.LocalCacheExpiration);
    }

    private TimeSpan? Checked(TimeSpan? expiration) => expiration is not { } time || (time >= Second && time <= options.MaxTimeToLive)
        ? expiration
        : throw new ArgumentOutOfRangeException(
            nameof(expiration), time,
            $"An expiration must be from 1 second to {options.MaxTimeToLive} (MaxTimeToLive). Shorten it, or raise MaxTimeToLive.");
}
