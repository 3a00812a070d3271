using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Restarting;

/// <summary>Reads random keys at a constant rate on its own thread, and records how long each read took.</summary>
internal sealed class PacedReader : IDisposable
{
    private const int ReadsATick = 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly KafkaCache<string, byte[]> _cache;
    private readonly string[] _keys;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private List<double> _microseconds = [];
    private volatile bool _ended;

    public PacedReader(KafkaCache<string, byte[]> cache, int entries)
    {
        _cache = cache;
        _keys = [.. Enumerable.Range(0, Math.Min(entries, 100_000)).Select(Workload.Key)];
        _thread = new Thread(Read) { IsBackground = true, Name = "reader" };
        _thread.Start();
    }

    /// <summary>Returns the durations of the reads since the last call.</summary>
    public List<double> Take()
    {
        lock (_gate)
        {
            var taken = _microseconds;
            _microseconds = [];
            return taken;
        }
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
    }

    private void Read()
    {
        var random = new Random(1);
        var tick = new double[ReadsATick];
        while (!_ended)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < ReadsATick; i++)
            {
                var before = Stopwatch.GetTimestamp();
                _ = _cache.Get(_keys[random.Next(_keys.Length)]);
                tick[i] = Stopwatch.GetElapsedTime(before).TotalMicroseconds;
            }

            lock (_gate)
                _microseconds.AddRange(tick);

            if (Tick - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } rest)
                Thread.Sleep(rest);
        }
    }
}
