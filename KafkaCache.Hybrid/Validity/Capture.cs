namespace KafkaCaching.Hybrid.Validity;

/// <summary>The state of the cache before a source was read.</summary>
/// <param name="AsOf">The positions that had been applied.</param>
/// <param name="Rebuilds">The number of times that the cache had been rebuilt. If the cache is rebuilt during a fill, the value is not
/// stored, because the log may have been truncated and its offsets reused.</param>
internal sealed record Capture(AsOf AsOf, long Rebuilds);
