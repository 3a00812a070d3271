namespace KafkaCaching.Benchmarks.Many;

/// <summary>The measurement of a process with many caches: the seconds until all were ready, its threads, file descriptors and memory at
/// that time, the percentage of one core that it used while idle, and the seconds that it took to dispose of the caches one after the
/// other.</summary>
internal sealed record ManyMeasurement(
    double ReadySeconds, int Threads, int Descriptors, double ResidentMiB, double IdlePercent, double DisposeSeconds);
