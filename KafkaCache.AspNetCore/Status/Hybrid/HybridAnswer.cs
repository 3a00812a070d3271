using KafkaCaching.Hybrid;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>The hybrid cache over a cache, as the page shows it.</summary>
/// <param name="Counts">The requests by outcome, and what was written.</param>
/// <param name="MayClear">Whether who asks may clear tags.</param>
/// <param name="Queries">Of a cache of queries, those whose misses have cost the most.</param>
internal sealed record HybridAnswer(HybridCacheStatistics Counts, bool MayClear, IReadOnlyList<QueryAnswer> Queries);
