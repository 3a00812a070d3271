using KafkaCaching.Hybrid;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>The hybrid cache over a cache, as the page shows it.</summary>
/// <param name="Counts">The counts of requests by outcome, and of writes.</param>
/// <param name="MayClear">Whether the sender of the request may clear tags.</param>
/// <param name="Queries">The queries whose misses have cost the most, if the cache holds results of queries.</param>
internal sealed record HybridAnswer(HybridCacheStatistics Counts, bool MayClear, IReadOnlyList<QueryAnswer> Queries);
