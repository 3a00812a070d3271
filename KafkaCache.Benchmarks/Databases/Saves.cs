using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Benchmarks.Databases;

/// <summary>Measures how long <c>SaveChanges</c> takes for one row, with and without a pause before each save.</summary>
/// <remarks>Saves without pauses keep both cores busy, so the cache's background work slows them down. During the pauses there is time for
/// that work, as on a machine that is not fully loaded.</remarks>
internal sealed class Saves(DbContextOptions<Shop> options)
{
    private const int WarmUpRounds = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    /// <summary>The mean duration of a save in each round, in microseconds.</summary>
    public List<double> OneByOne { get; } = [];

    /// <summary>The median duration of a save after a pause in each round, in microseconds. This is what a request would wait, unless the
    /// brokers need the same core at that time.</summary>
    public List<double> WithPauses { get; } = [];

    /// <summary>Warms up the code, the connections and the brokers, whose JIT compiler also needs time.</summary>
    public async Task WarmUpAsync(int count)
    {
        for (var round = 0; round < WarmUpRounds; round++)
            _ = await MicrosecondsAsync(count, TimeSpan.Zero);
    }

    public async Task MeasureAsync(int count)
    {
        OneByOne.Add((await MicrosecondsAsync(count, TimeSpan.Zero)).Average());
        WithPauses.Add((await MicrosecondsAsync(count, Pause)).Median());
    }

    private async Task<List<double>> MicrosecondsAsync(int count, TimeSpan pause)
    {
        await using var db = new Shop(options);
        var people = await db.People.OrderBy(static person => person.Id).Take(count).ToListAsync();
        var each = new List<double>(count);
        foreach (var person in people)
        {
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause);
            person.Balance++;
            var started = Stopwatch.GetTimestamp();
            await db.SaveChangesAsync();
            each.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return each;
    }
}
