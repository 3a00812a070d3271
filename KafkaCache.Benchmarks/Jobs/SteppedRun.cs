namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>A run of the job, which is the same for all schedulers: a step every 50 ms, each saved in the scheduler's store.</summary>
internal static class SteppedRun
{
    /// <summary>The number of steps of a run. It is so high that the run lasts longer than a freeze and the takeover together.</summary>
    public const int Steps = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(string run, Func<int, Task<bool>> save, CancellationToken stop)
    {
        for (var step = 1; step <= Steps && !stop.IsCancellationRequested; step++)
        {
            var isSaved = await save(step);
            Console.WriteLine($"{(isSaved ? "step" : "refused")} {run} {step}");
            if (!isSaved)
                break;
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Console.WriteLine($"end {run} 0");
    }
}
