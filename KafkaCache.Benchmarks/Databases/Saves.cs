using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Benchmarks.Databases;

/// <summary>What a <c>SaveChanges</c> of one row takes.</summary>
internal static class Saves
{
    public static async Task<double> MicrosecondsAsync(DbContextOptions<Shop> options, int count)
    {
        await using var db = new Shop(options);
        var people = await db.People.OrderBy(static person => person.Id).Take(count).ToListAsync();
        var started = Stopwatch.GetTimestamp();
        foreach (var person in people)
        {
            person.Balance++;
            await db.SaveChangesAsync();
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / count;
    }
}
