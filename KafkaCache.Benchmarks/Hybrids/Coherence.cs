using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>How long pods go on to serve a value after another pod has removed its tag. One thread asks all pods in turn, without a
/// factory, so that nothing but the removal ends the value in them. A sample is the time from the return of the removal to the first read
/// of a pod that no longer gives the value: 0 for a pod that was faster than the removal itself.</summary>
internal static class Coherence
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<CoherenceFigures> MeasureAsync(HybridContender contender, int rounds)
    {
        List<double> lags = [], removals = [];
        var stale = 0;
        for (var round = -1; round < rounds; round++)
        {
            var (removal, pods) = await RemoveAsync(contender, round);
            if (round < 0)
                continue; // The first round is the warm-up.
            removals.Add(removal.TotalMilliseconds);
            stale += pods.Count(static lag => lag is null);
            lags.AddRange(pods.OfType<TimeSpan>().Select(static lag => lag.TotalMilliseconds));
        }

        return new CoherenceFigures(lags, removals, stale, rounds * (contender.Instances.Length - 1));
    }

    private static async Task<(TimeSpan Removal, TimeSpan?[] Lags)> RemoveAsync(HybridContender contender, int round)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"coherent/{round}");
        var tag = string.Create(CultureInfo.InvariantCulture, $"tag-{round}");
        await FillAsync(contender, key, tag);

        var others = contender.Instances[1..];
        var seen = new long[others.Length];
        using var stop = new CancellationTokenSource();
        var asking = new Thread(() => Ask(others, key, seen, stop.Token)) { IsBackground = true, Name = "Coherence" };
        asking.Start();
        var began = Stopwatch.GetTimestamp();
        await contender.Instances[0].RemoveByTagAsync(tag);
        var returned = Stopwatch.GetTimestamp();
        stop.CancelAfter(Patience);
        await Task.Run(asking.Join);
        return (Stopwatch.GetElapsedTime(began, returned), [.. seen.Select(at => LagOf(at, returned))]);
    }

    private static TimeSpan? LagOf(long seen, long returned) =>
        seen == 0 ? null : seen < returned ? TimeSpan.Zero : Stopwatch.GetElapsedTime(returned, seen);

    /// <summary>Every pod has the value.</summary>
    private static async Task FillAsync(HybridContender contender, string key, string tag)
    {
        var user = Samples.User(1);
        foreach (var instance in contender.Instances)
        {
            await instance.GetOrCreateAsync(key, _ => ValueTask.FromResult(user), tag);
            if (await instance.ReadAsync(key) is null)
                throw new InvalidOperationException($"A pod of {contender.Name} does not have what it has just created.");
        }
    }

    private static void Ask(IHybridInstance[] pods, string key, long[] seen, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && seen.Contains(0))
        {
            for (var pod = 0; pod < pods.Length; pod++)
            {
                // The thread is this loop's own, and a read that asks Redis has nothing else to do.
                if (seen[pod] == 0 && pods[pod].ReadAsync(key).AsTask().GetAwaiter().GetResult() is null)
                    seen[pod] = Stopwatch.GetTimestamp();
            }

            // The clients and the brokers run on the same few cores.
            Thread.Yield();
        }
    }
}

/// <summary>Milliseconds.</summary>
/// <param name="Lags">Of each pod in each round that ended with the value gone.</param>
/// <param name="Removals">How long the removal itself took, in each round.</param>
/// <param name="Stale">How many pods still had the value when the patience was over.</param>
/// <param name="Pods">How many there were in all rounds.</param>
internal sealed record CoherenceFigures(List<double> Lags, List<double> Removals, int Stale, int Pods)
{
    public double P50 => Lags.Count == 0 ? double.NaN : Lags.Median();

    public double P99 => Lags.Count == 0 ? double.NaN : Lags.Quantile(0.99);
}
