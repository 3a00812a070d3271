namespace KafkaCaching.Benchmarks.Churning;

/// <summary>The state of the store after a round. Round 0 is the first fill.</summary>
internal sealed record ChurnRound(
    int Round, double ResidentMiB, double StoreMiB, double LiveMiB, double CopyForwardMiB, double NanosecondsPerUpdate, long Reads,
    long WrongReads);
