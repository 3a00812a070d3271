using System.Diagnostics;
using KafkaCaching.Jobs;

namespace KafkaCaching.Benchmarks.Refreshing;

/// <summary>A thread that reads a refreshed cache continuously, and records the durations of the reads during a given operation.</summary>
internal sealed class SwapReader : IDisposable
{
    // The clock is read only once per batch, because it would take longer than a read.
    private const int Batch = 64;

    private readonly IRefreshedCache<int, RefreshedRow> _cache;
    private readonly int _rows;
    private readonly Thread _thread;
    private volatile Latencies? _target;
    private volatile bool _isOver;
    private long _failed;

    // Summing a field of each row makes sure that found rows are also read.
    private long _sum;

    public SwapReader(IRefreshedCache<int, RefreshedRow> cache, int rows)
    {
        (_cache, _rows) = (cache, rows);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The number of reads that found no row.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Records the reads during an operation.</summary>
    public async Task MeasureAsync(Latencies reads, Func<Task> work)
    {
        _target = reads;
        await work();
        _target = null;
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Run()
    {
        var random = new Random(1);
        while (!_isOver)
        {
            var target = _target;
            var first = random.Next(_rows);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++)
            {
                if (_cache.Current.TryFind((first + (i * 7_919)) % _rows, out var row))
                    _sum += row.Round;
                else
                    Interlocked.Increment(ref _failed);
            }

            // The resolution of a TimeSpan is only 100 ns.
            var nanoseconds = (Stopwatch.GetTimestamp() - started) * 1e9 / Stopwatch.Frequency / Batch;
            if (target == _target)
                target?.Add(nanoseconds);
        }
    }
}

/// <summary>A histogram of the durations of reads, in tenths of a nanosecond.</summary>
internal sealed class Latencies
{
    private const double Unit = 0.1;

    private readonly long[] _counts = new long[1_000_000];
    private long _total;

    public void Add(double nanoseconds)
    {
        _counts[Math.Min((int)(nanoseconds / Unit), _counts.Length - 1)]++;
        _total++;
    }

    public double Quantile(double quantile)
    {
        var left = (long)(quantile * _total);
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left < 0)
                return i * Unit;
        }

        return _counts.Length * Unit;
    }
}
