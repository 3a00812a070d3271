using System.Collections.Concurrent;

namespace KafkaCaching.Jobs.Running;

/// <summary>The leaderships of the scheduled jobs that this instance campaigns for, by the name of the job.</summary>
internal sealed class JobLeaderships
{
    private readonly ConcurrentDictionary<string, KafkaLeadership> _all = new(StringComparer.Ordinal);

    public void Add(string job, KafkaLeadership leadership) => _all[job] = leadership;

    public LeadershipStatus? StatusOf(string job) => _all.GetValueOrDefault(job)?.Status;
}
