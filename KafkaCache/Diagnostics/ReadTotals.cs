namespace KafkaCaching.Diagnostics;

/// <summary>The numbers of reads that found their key, that did not find it, and that threw an exception, respectively.</summary>
internal readonly record struct ReadTotals(long Hits, long Misses, long Refused);
