namespace KafkaCaching.Hybrid;

/// <summary>What a query has cost and saved since the process started.</summary>
/// <param name="Name">What the program calls it. It has neither SQL nor values.</param>
public sealed record QueryStatistics(string Name)
{
    /// <summary>Reads that the cache answered.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that the database answered, because the cache could not.</summary>
    public long Misses { get; init; }

    /// <summary>Reads that were not to be answered by the cache, such as those inside of a transaction.</summary>
    public long Bypassed { get; init; }

    /// <summary>How long the database took for the misses.</summary>
    public TimeSpan DatabaseTime { get; init; }

    /// <summary>How long it would have taken for the hits: each saves what a miss of the query had taken on average by then.</summary>
    public TimeSpan SavedTime { get; init; }

    /// <summary>The share of hits in hits and misses, from 0 to 1; 0 before the first read.</summary>
    public double HitRate => Hits + Misses == 0 ? 0 : (double)Hits / (Hits + Misses);
}
