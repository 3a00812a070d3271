namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>How things stood over one minute, the last one perhaps a shorter one. Memory in MiB: resident the median of the minute's
/// samples, the rest as it stood at the end.</summary>
internal sealed record SoakMinute(
    int Minute, double ResidentMiB, double ManagedMiB, double StoresMiB, long Writes, long Reads, int Faults, double StaleSeconds,
    double RebuildingSeconds, int Violations);
