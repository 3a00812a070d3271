namespace KafkaCaching.Benchmarks.Churning;

/// <summary>How things stand after a round; 0 is the first fill.</summary>
internal sealed record ChurnRound(
    int Round, double ResidentMiB, double StoreMiB, double LiveMiB, double CopyForwardMiB, double NanosecondsPerUpdate, long Reads,
    long WrongReads);
