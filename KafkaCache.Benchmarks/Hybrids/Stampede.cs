using System.Globalization;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>Counts how often a slow source is queried when several callers in every pod ask for the same missing key at the same
/// time.</summary>
internal static class Stampede
{
    private const int CallersInEach = 4;
    private static readonly TimeSpan SourceTime = TimeSpan.FromMilliseconds(100);

    public static async Task<int[]> MeasureAsync(HybridContender contender, int rounds)
    {
        var factories = new int[rounds];
        for (var round = 0; round < rounds; round++)
            factories[round] = await RunAsync(contender, round);
        return factories;
    }

    private static async Task<int> RunAsync(HybridContender contender, int round)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"stampede/{round}");
        var factories = 0;
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = contender.Instances
            .SelectMany(static instance => Enumerable.Repeat(instance, CallersInEach))
            .Select(async instance =>
            {
                await start.Task;
                await instance.GetOrCreateAsync(key, async stop =>
                {
                    Interlocked.Increment(ref factories);
                    await Task.Delay(SourceTime, stop);
                    return Samples.User(1);
                });
            })
            .ToArray();
        start.SetResult();
        await Task.WhenAll(callers);
        return factories;
    }
}
