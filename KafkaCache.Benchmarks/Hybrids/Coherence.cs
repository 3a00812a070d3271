using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>Measures how long pods continue to serve a value after another pod has removed its tag. One thread reads from all pods in turn,
/// without a factory, so that only the removal can make the value disappear. A sample is the time until the first read in a pod that no
/// longer returns the value, measured from the return of the removal (0 if the value had disappeared earlier) and from its call.</summary>
internal static partial class Coherence
{
    // The time between two rounds of reads, which is the resolution of the measurement. Without a pause, the thread would occupy a core
    // that the clients and the brokers need.
    private const uint PauseMicroseconds = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<CoherenceFigures> MeasureAsync(HybridContender contender, int rounds)
    {
        var figures = new CoherenceFigures([], [], []);
        for (var round = -1; round < rounds; round++)
            await RemoveAsync(contender, round, round < 0 ? new CoherenceFigures([], [], []) : figures); // The first round is a warm-up.
        return figures;
    }

    private static async Task RemoveAsync(HybridContender contender, int round, CoherenceFigures figures)
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
        figures.Removals.Add(Stopwatch.GetElapsedTime(began, returned).TotalMilliseconds);
        figures.FromReturn.AddRange(seen.Select(at => Milliseconds(returned, at)));
        figures.FromCall.AddRange(seen.Select(at => Milliseconds(began, at)));
    }

    private static double? Milliseconds(long from, long seen) =>
        seen == 0 ? null : Math.Max(0, Stopwatch.GetElapsedTime(from, seen).TotalMilliseconds);

    /// <summary>Stores the value in every pod.</summary>
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
                // This loop has its own thread, so a read that asks Redis may block it.
                if (seen[pod] == 0 && pods[pod].ReadAsync(key).AsTask().GetAwaiter().GetResult() is null)
                    seen[pod] = Stopwatch.GetTimestamp();
            }

            _ = SleepMicroseconds(PauseMicroseconds);
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int SleepMicroseconds(uint microseconds);
}

/// <summary>The milliseconds of each pod in each round; <see langword="null"/> for a pod that still had the value at the time
/// limit.</summary>
/// <param name="FromReturn">The time from the return of the removal.</param>
/// <param name="FromCall">The time from the call of the removal.</param>
/// <param name="Removals">How long the removal itself took, in each round.</param>
internal sealed record CoherenceFigures(List<double?> FromReturn, List<double?> FromCall, List<double> Removals)
{
    public int Stale => FromReturn.Count(static lag => lag is null);

    /// <returns>The quantile; NaN if the value disappeared in no pod.</returns>
    public static double Quantile(List<double?> lags, double quantile) =>
        lags.OfType<double>().ToArray() is { Length: > 0 } ended ? ended.Quantile(quantile) : double.NaN;
}
