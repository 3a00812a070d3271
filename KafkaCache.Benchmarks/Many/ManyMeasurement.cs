namespace KafkaCaching.Benchmarks.Many;

/// <summary>A process with many caches: seconds until all were ready, what it held then, the part of one core that it took while nothing
/// happened, and seconds until one after the other was disposed of.</summary>
internal sealed record ManyMeasurement(
    double ReadySeconds, int Threads, int Descriptors, double ResidentMiB, double IdlePercent, double DisposeSeconds);
