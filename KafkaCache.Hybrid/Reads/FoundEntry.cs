using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Reads;

/// <summary>An entry, and where it was found.</summary>
/// <param name="Record">The entry.</param>
/// <param name="Written">The timestamp from which its lifetime counts.</param>
/// <param name="Position">The position of its record; <see langword="null"/> while it is not in the log.</param>
internal readonly record struct FoundEntry(StoredRecord Record, DateTimeOffset Written, CachePosition? Position)
{
    public bool IsFresh(DateTimeOffset now) => now - Written < Record.FreshFor;

    public bool IsFreshOrStale(DateTimeOffset now, TimeSpan staleFor) => now - Written < Record.FreshFor + staleFor;
}
