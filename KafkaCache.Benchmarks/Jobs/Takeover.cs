using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>What happens to a run whose instance is killed, and to one whose instance is frozen and wakes when another has taken
/// over.</summary>
internal static class Takeover
{
    // How long a woken instance is looked at.
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    /// <summary>Kills the instance that runs the job.</summary>
    /// <returns>The seconds until the other one has saved a step.</returns>
    public static async Task<double> KillAsync(Func<Task<JobInstance>> start)
    {
        using var one = await start();
        await one.NextAsync("step");
        using var other = await start();
        await one.NextAsync("step");
        var killed = Stopwatch.GetTimestamp();
        one.Kill();
        var taken = await other.NextAsync("step");
        return Stopwatch.GetElapsedTime(killed, taken.At).TotalSeconds;
    }

    /// <summary>Freezes the instance that runs the job until the other one has saved a step, and wakes it.</summary>
    public static async Task<FreezeFigures> FreezeAsync(Func<Task<JobInstance>> start)
    {
        using var one = await start();
        await one.NextAsync("step");
        using var other = await start();
        await one.NextAsync("step");
        var frozen = Stopwatch.GetTimestamp();
        one.Freeze();
        var taken = await other.NextAsync("step");
        one.Told();
        var woken = Stopwatch.GetTimestamp();
        one.Wake();
        await Task.Delay(Watched);
        var told = one.Told().Where(told => told.At > woken).ToList();
        var ended = told.Find(static told => told.Kind == "end");
        return new FreezeFigures(
            Stopwatch.GetElapsedTime(frozen, taken.At).TotalSeconds,
            Stopwatch.GetElapsedTime(woken, ended?.At ?? Stopwatch.GetTimestamp()).TotalSeconds,
            told.Count(static told => told.Kind == "step"), ended is null);
    }
}

/// <summary>A freeze.</summary>
/// <param name="TakeoverSeconds">From the freeze to the first step of the run that takes over.</param>
/// <param name="OverlapSeconds">For how long both runs were under way after the wake, as far as it was looked at.</param>
/// <param name="StepsSaved">How many steps of the run that was replaced were saved after the first one of the other.</param>
/// <param name="GoesOn">Whether it went on for all that time.</param>
internal sealed record FreezeFigures(double TakeoverSeconds, double OverlapSeconds, int StepsSaved, bool GoesOn);
