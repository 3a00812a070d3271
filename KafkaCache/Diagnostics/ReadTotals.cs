namespace KafkaCaching.Diagnostics;

/// <summary>The number of reads that found their key, that did not find it, and that threw.</summary>
internal readonly record struct ReadTotals(long Hits, long Misses, long Refused);
