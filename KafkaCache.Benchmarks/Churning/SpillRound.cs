namespace KafkaCaching.Benchmarks.Churning;

/// <summary>The state of a store that spills after a round of updates, beside one that holds the same entries in memory.</summary>
internal sealed record SpillRound(
    int Round, double OnDiskMiB, double LiveMiB, double NanosecondsPerUpdate, double InMemoryNanosecondsPerUpdate, long Reads,
    long WrongReads);
