using KafkaCaching.Benchmarks.Reading;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>Measures hits: one thread reads a few hot keys, whose values the pod has in its memory, with a factory that does not
/// run.</summary>
internal static class HitTurns
{
    private const int Keys = 256;
    private const int Reads = 400_000;

    private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(static key => $"user/{key}")];
    private static readonly string[] MutableNames = [.. Enumerable.Range(0, Keys).Select(static key => $"mutable/{key}")];

    public static async Task FillAsync(HybridContender contender)
    {
        var instance = contender.Instances[0];
        for (var i = 0; i < Keys; i++)
        {
            var number = i;
            await instance.GetOrCreateAsync(Names[i], _ => ValueTask.FromResult(Samples.User(number)));
            await instance.CreateMutableAsync(MutableNames[i], _ => ValueTask.FromResult(Samples.MutableUser(number)));
        }
    }

    public static HitFigures Immutable(HybridContender contender) =>
        Measure(contender.Instances[0], Names, static (instance, key) => instance.HitAsync(key));

    public static HitFigures Mutable(HybridContender contender) =>
        Measure(contender.Instances[0], MutableNames, static (instance, key) => instance.MutableHitAsync(key));

    private static HitFigures Measure<T>(IHybridInstance instance, string[] names, Func<IHybridInstance, string, ValueTask<T>> read)
    {
        var waits = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = ThreadClock.Nanoseconds;
        for (var i = 0; i < Reads; i++)
        {
            var hit = read(instance, names[i % Keys]);
            if (hit.IsCompletedSuccessfully)
                continue;

            // FusionCache occasionally asks Redis whether everything was removed. The hit then has to wait.
            waits++;
            hit.AsTask().GetAwaiter().GetResult();
        }

        var elapsed = ThreadClock.Nanoseconds - started;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new HitFigures(elapsed / Reads, (double)allocated / Reads, waits);
    }
}

/// <summary>The cost of a hit.</summary>
/// <param name="Nanoseconds">The processor time of a hit.</param>
/// <param name="Bytes">The bytes that a hit allocates.</param>
/// <param name="Waits">The number of hits that did not complete synchronously.</param>
internal readonly record struct HitFigures(double Nanoseconds, double Bytes, int Waits);
