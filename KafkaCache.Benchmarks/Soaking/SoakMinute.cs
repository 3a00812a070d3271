namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The state over one minute; the last one may be shorter. Memory is in MiB: resident memory is the median of the minute's
/// samples, and the other values are those at the end of the minute.</summary>
internal sealed record SoakMinute(
    int Minute, double ResidentMiB, double ManagedMiB, double StoresMiB, long Writes, long Reads, int Faults, double StaleSeconds,
    double RebuildingSeconds, int Violations);
