namespace KafkaCaching.Hybrid.Validity;

/// <summary>What had been applied before a source was read.</summary>
/// <param name="AsOf">What had been applied.</param>
/// <param name="Rebuilds">The rebuilds of the cache until then. A fill during which the cache was rebuilt is not stored, because the log may
/// have been truncated, and its offsets given out again.</param>
internal sealed record Capture(AsOf AsOf, long Rebuilds);
