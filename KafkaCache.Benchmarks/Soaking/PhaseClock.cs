using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Measures how long one instance has been in each phase, by sampling.</summary>
internal sealed class PhaseClock(KafkaCache<string, SoakValue> cache)
{
    private readonly Dictionary<CachePhase, TimeSpan> _times = [];
    private long _looked = Stopwatch.GetTimestamp();

    public KafkaCache<string, SoakValue> Cache => cache;

    public double Seconds(CachePhase phase) => _times.GetValueOrDefault(phase).TotalSeconds;

    /// <returns>The status that was seen.</returns>
    public CacheStatus Look()
    {
        var status = cache.Status;
        _times[status.Phase] = _times.GetValueOrDefault(status.Phase) + Stopwatch.GetElapsedTime(_looked);
        _looked = Stopwatch.GetTimestamp();
        return status;
    }
}
