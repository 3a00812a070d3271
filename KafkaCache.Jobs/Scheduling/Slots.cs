namespace KafkaCaching.Jobs.Scheduling;

/// <summary>Determines which time of a schedule comes next if earlier ones were missed.</summary>
internal static class Slots
{
    /// <param name="schedule">The schedule.</param>
    /// <param name="missed">How to handle times that were missed.</param>
    /// <param name="handled">The time up to which the schedule has been handled, inclusive.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The next time, which may be in the past; <see langword="null"/> if there is none.</returns>
    public static DateTimeOffset? Next(Schedule schedule, MissedRuns missed, DateTimeOffset handled, DateTimeOffset now) => missed switch
    {
        MissedRuns.All => schedule.After(handled),
        MissedRuns.Skip => schedule.After(handled > now ? handled : now),
        _ => Latest(schedule, handled, now) ?? schedule.After(handled),
    };

    // The search covers increasingly long periods before now. If it began at the last handled time, a job that runs every second and was
    // missed for a year would need a step for every second of that year.
    private static DateTimeOffset? Latest(Schedule schedule, DateTimeOffset handled, DateTimeOffset now)
    {
        for (var back = TimeSpan.FromMinutes(1); ; back *= 10)
        {
            var from = now - handled > back ? now - back : handled;
            DateTimeOffset? latest = null;
            for (var slot = schedule.After(from); slot <= now; slot = schedule.After(slot.Value))
                latest = slot;
            if (latest is not null || from <= handled)
                return latest;
        }
    }
}
