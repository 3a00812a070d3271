namespace KafkaCaching.Jobs.Scheduling;

/// <summary>Determines which time of a schedule comes next if earlier ones were missed.</summary>
internal static class Slots
{
    // The clocks of two instances may differ by minutes, and a time that one of them has handled must not be repeated by the other. A time
    // that is further ahead comes from a clock that was wrong, and must not stop the schedule until then.
    private static readonly TimeSpan MaxClockLead = TimeSpan.FromHours(1);

    /// <summary>The time up to which the schedule counts as handled: the given time, or now if the given time comes from a wrong
    /// clock.</summary>
    public static DateTimeOffset Plausible(DateTimeOffset handled, DateTimeOffset now) => handled > now + MaxClockLead ? now : handled;

    /// <param name="schedule">The schedule.</param>
    /// <param name="missed">How to handle times that were missed.</param>
    /// <param name="handled">The time up to which the schedule has been handled, inclusive.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The next time, which may be in the past; <see langword="null"/> if there is none.</returns>
    public static DateTimeOffset? Next(Schedule schedule, MissedRuns missed, DateTimeOffset handled, DateTimeOffset now) =>
        NextAfter(schedule, missed, Plausible(handled, now), now);

    private static DateTimeOffset? NextAfter(Schedule schedule, MissedRuns missed, DateTimeOffset handled, DateTimeOffset now) =>
        missed switch
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
