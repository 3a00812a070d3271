namespace KafkaCaching.Diagnostics;

/// <summary>Reads that found their key, that did not, and that threw.</summary>
internal readonly record struct ReadTotals(long Hits, long Misses, long Refused);
