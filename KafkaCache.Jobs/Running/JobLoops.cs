using System.Collections.Concurrent;

namespace KafkaCaching.Jobs.Running;

/// <summary>The loops of the scheduled jobs that this instance campaigns for, by the name of the job.</summary>
internal sealed class JobLoops
{
    private readonly ConcurrentDictionary<string, JobLoop> _all = new(StringComparer.Ordinal);

    public void Add(string job, JobLoop loop) => _all[job] = loop;

    public JobLoop? Of(string job) => _all.GetValueOrDefault(job);
}
