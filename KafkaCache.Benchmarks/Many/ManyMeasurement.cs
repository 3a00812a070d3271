namespace KafkaCaching.Benchmarks.Many;

/// <summary>A process with many caches: the seconds until all were ready, the memory that it held then, the part of one core that it used
/// while nothing happened, and the seconds that it took to dispose of the caches one after the other.</summary>
internal sealed record ManyMeasurement(
    double ReadySeconds, int Threads, int Descriptors, double ResidentMiB, double IdlePercent, double DisposeSeconds);
