using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>A hit: a value that the pod has in its memory, asked for with its factory, by one thread over a few hot keys.</summary>
internal static class HitTurns
{
    private const int Keys = 256;
    private const int Reads = 400_000;

    private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(static key => $"user/{key}")];

    // A hit never runs it. It is made once, as a caller that cares for hits does.
    private static readonly Func<CancellationToken, ValueTask<User>> Factory =
        static _ => throw new InvalidOperationException("A hit ran its factory.");

    public static async Task FillAsync(HybridContender contender)
    {
        for (var key = 0; key < Keys; key++)
        {
            var user = Samples.User(key);
            await contender.Instances[0].GetOrCreateAsync(Names[key], _ => ValueTask.FromResult(user));
        }
    }

    /// <returns>Nanoseconds and allocated bytes of one.</returns>
    public static HitFigures Measure(HybridContender contender)
    {
        var instance = contender.Instances[0];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Reads; i++)
        {
            var hit = instance.GetOrCreateAsync(Names[i % Keys], Factory);
            if (!hit.IsCompletedSuccessfully)
                throw new InvalidOperationException($"A hit of {contender.Name} is not answered at once.");
            _ = hit.Result;
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new HitFigures(elapsed.TotalNanoseconds / Reads, (double)allocated / Reads);
    }
}

/// <summary>What a hit takes.</summary>
internal readonly record struct HitFigures(double Nanoseconds, double Bytes);
