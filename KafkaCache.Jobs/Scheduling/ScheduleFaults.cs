using Cronos;

namespace KafkaCaching.Jobs.Scheduling;

/// <summary>Checks a schedule.</summary>
internal static class ScheduleFaults
{
    public static IEnumerable<string> Of(TimeSpan? every, string? cron, TimeZoneInfo? zone)
    {
        if (every is null == cron is null)
            yield return every is null
                ? "Every and Cron are missing. Set one of them."
                : "Every and Cron are both set. Set one of them.";
        if (every < TimeSpan.FromSeconds(1) || every > TimeSpan.FromDays(365))
            yield return $"Every is {every}. Set it to a value from 1 second to 365 days.";
        if (cron is not null && CronFault(cron) is { } fault)
            yield return fault;
        if (zone is null)
            yield return "CronTimeZone is null. Leave it out for UTC.";
    }

    public static string? CronFault(string cron)
    {
        try
        {
            _ = CronExpression.Parse(cron, Schedule.FormatOf(cron));
            return null;
        }
        catch (CronFormatException wrong)
        {
            return $"Cron is '{cron}', which is not a cron expression: {wrong.Message} Write five fields, as in */5 * * * *, or six with "
                + "seconds first.";
        }
    }
}
