namespace KafkaCaching.Hybrid;

/// <summary>The costs and savings of a query since the process started.</summary>
/// <param name="Name">The program's name for the query. It contains neither SQL nor values.</param>
public sealed record QueryStatistics(string Name)
{
    /// <summary>Reads that the cache answered.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that the database answered, because the cache could not.</summary>
    public long Misses { get; init; }

    /// <summary>Reads that the cache must not answer, such as those inside a transaction.</summary>
    public long Bypassed { get; init; }

    /// <summary>How long the database took for the misses.</summary>
    public TimeSpan DatabaseTime { get; init; }

    /// <summary>How long the database would have taken for the hits. Each hit counts as the average time of the query's misses up to that
    /// point.</summary>
    public TimeSpan SavedTime { get; init; }

    /// <summary>The share of hits among hits and misses, from 0 to 1; 0 before the first read.</summary>
    public double HitRate => Hits + Misses == 0 ? 0 : (double)Hits / (Hits + Misses);
}
