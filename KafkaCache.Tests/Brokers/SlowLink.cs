using System.Diagnostics;
using System.Net.Sockets;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A link with a limited number of bytes per second in each direction. All connections share it, in pieces of a few
/// milliseconds.</summary>
internal sealed class SlowLink(int bytesPerSecond)
{
    private const int Piece = 4 << 10;

    private readonly Lock _gate = new();
    private readonly double[] _free = new double[2];
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _passed;

    /// <summary>The number of bytes that have come from the node.</summary>
    public long Passed => Volatile.Read(ref _passed);

    public async Task PassAsync(ProxyFrame frame, NetworkStream target, CancellationToken stopping)
    {
        for (var at = 0; at < frame.Bytes.Length; at += Piece)
        {
            var piece = frame.Bytes.AsMemory(at, Math.Min(Piece, frame.Bytes.Length - at));
            await Task.Delay(Wait(piece.Length, frame.IsResponse ? 1 : 0), stopping); // Simulates the transmission time.
            await target.WriteAsync(piece, stopping);
            if (frame.IsResponse)
                Interlocked.Add(ref _passed, piece.Length);
        }
    }

    private TimeSpan Wait(int bytes, int direction)
    {
        var now = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        lock (_gate)
        {
            _free[direction] = Math.Max(_free[direction], now) + ((double)bytes / bytesPerSecond);
            return TimeSpan.FromSeconds(_free[direction] - now);
        }
    }
}
