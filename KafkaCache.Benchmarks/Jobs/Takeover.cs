using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>Measures the takeover after an instance is killed, and after an instance is frozen and resumes when another one has taken
/// over.</summary>
internal static class Takeover
{
    // How long an instance is watched after it has been resumed.
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

    /// <summary>Freezes the instance that runs the job until the other one has saved a step, and then resumes it.</summary>
    /// <param name="start">Starts an instance.</param>
    /// <param name="stepsAfter">Counts the steps of one run that the store has after the first step of another run. The reports of the
    /// resumed instance are not used for this, because a step that it reports now may have been saved before the freeze.</param>
    public static async Task<FreezeFigures> FreezeAsync(Func<Task<JobInstance>> start, Func<string, string, int> stepsAfter)
    {
        using var one = await start();
        var replaced = await one.NextAsync("step");
        using var other = await start();
        await one.NextAsync("step");
        var frozen = Stopwatch.GetTimestamp();
        one.Freeze();
        var taken = await other.NextAsync("step");
        one.Told();
        var woken = Stopwatch.GetTimestamp();
        one.Wake();
        await Task.Delay(Watched);
        var ended = one.Told().FirstOrDefault(told => told.Kind == "end" && told.At > woken);
        return new FreezeFigures(
            Stopwatch.GetElapsedTime(frozen, taken.At).TotalSeconds,
            Stopwatch.GetElapsedTime(woken, ended?.At ?? Stopwatch.GetTimestamp()).TotalSeconds,
            stepsAfter(replaced.Run, taken.Run), ended is null);
    }
}

/// <summary>The results of a freeze.</summary>
/// <param name="TakeoverSeconds">The time from the freeze to the first step of the run that replaced it.</param>
/// <param name="OverlapSeconds">How long both runs were in progress after the instance was resumed, within the time that was
/// watched.</param>
/// <param name="StepsSaved">The number of steps of the replaced run that were saved after the first step of the other run.</param>
/// <param name="GoesOn">Whether the replaced run continued for the whole time that was watched.</param>
internal sealed record FreezeFigures(double TakeoverSeconds, double OverlapSeconds, int StepsSaved, bool GoesOn);
