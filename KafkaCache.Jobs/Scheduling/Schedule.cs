using Cronos;

namespace KafkaCaching.Jobs.Scheduling;

/// <summary>Determines when something is due: at an interval or by a cron expression.</summary>
internal sealed class Schedule
{
    private readonly TimeSpan? _every;
    private readonly CronExpression? _cron;
    private readonly TimeZoneInfo _zone;

    public Schedule(TimeSpan? every, string? cron, TimeZoneInfo zone)
    {
        _every = every;
        _cron = cron is null ? null : CronExpression.Parse(cron, FormatOf(cron));
        _zone = zone;
    }

    public static CronFormat FormatOf(string cron) =>
        cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;

    /// <summary>The first scheduled time after the given time; <see langword="null"/> if there is none, for example if the cron expression
    /// names February 30.</summary>
    public DateTimeOffset? After(DateTimeOffset time) =>
        _every is { } every ? time + every : _cron!.GetNextOccurrence(time, _zone)?.ToUniversalTime();
}
