using System.Globalization;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Scheduling;

namespace KafkaCaching.Jobs.Running;

/// <summary>Checks the options of the jobs. The options of their topics and clients are checked by the caches of those topics.</summary>
internal static class KafkaJobsFaults
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static IEnumerable<string> Of(KafkaJobsOptions options, IEnumerable<JobDefinition> jobs) =>
        [.. Own(options), .. options.FaultsOfElection(), .. Of(jobs)];

    private static IEnumerable<string> Own(KafkaJobsOptions options)
    {
        if (options.LogRetention < TimeSpan.FromMinutes(1) || options.LogRetention > TimeSpan.FromDays(3_650))
            yield return $"LogRetention is {options.LogRetention}. Set it to a value from 1 minute to 3,650 days.";
        if (options.RunsKept is < 1 or > 1_000)
            yield return string.Create(CultureInfo.InvariantCulture, $"RunsKept is {options.RunsKept}. Set it to a value from 1 to 1000.");
        if (options.HeldTimeout < Second || options.HeldTimeout > TimeSpan.FromDays(1))
            yield return $"HeldTimeout is {options.HeldTimeout}. Set it to a value from 1 second to 1 day.";
        if (options.TransactionTimeout < Second || options.TransactionTimeout > TimeSpan.FromMinutes(15))
            yield return $"TransactionTimeout is {options.TransactionTimeout}. Set it to a value from 1 second to 15 minutes.";
    }

    private static IEnumerable<string> Of(IEnumerable<JobDefinition> jobs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            if (!JobNames.IsLegal(job.Name))
                yield return $"A job has the name '{job.Name}'. {JobNames.Rule}";
            if (!seen.Add(job.Name))
                yield return $"The job '{job.Name}' is added more than once. Give each job a name of its own.";
            foreach (var one in job.Faults)
                yield return $"Job '{job.Name}': {one}";
            if (job.Options.Cron is { } cron && ScheduleFaults.CronFault(cron) is { } fault)
                yield return $"Job '{job.Name}': {fault}";
            if (job.Options.TimeZone is null)
                yield return $"Job '{job.Name}': TimeZone is null. Leave it out for UTC.";
            if (!Enum.IsDefined(job.Options.Missed))
                yield return $"Job '{job.Name}': Missed is {(int)job.Options.Missed}. Set it to Once, Skip or All.";
        }
    }
}
