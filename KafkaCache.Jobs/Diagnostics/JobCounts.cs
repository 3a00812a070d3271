using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using KafkaCaching.Jobs.Running;

namespace KafkaCaching.Jobs.Diagnostics;

/// <summary>Counts the runs of this process by job, and reports them in the meter together with the jobs that are overdue.</summary>
internal sealed class JobCounts : IDisposable
{
    private static readonly RunEnd[] Ends = Enum.GetValues<RunEnd>();

    private readonly ConcurrentDictionary<string, long[]> _ends = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly Meter _meter;
    private readonly bool _isOwn;

    /// <param name="factory">Creates the meter; <see langword="null"/> to use one for the process.</param>
    /// <param name="names">The names of the service's jobs. Their runs are reported from the start, as 0: if a series began with the first
    /// failure, an increase would not show that failure.</param>
    /// <param name="jobs">Returns the states of the service's jobs.</param>
    public JobCounts(IMeterFactory? factory, IEnumerable<string> names, Func<IEnumerable<JobStatus>> jobs)
    {
        foreach (var name in names)
            _ends[name] = new long[Ends.Length];

        // The factory owns its meters and may return one that others use too, so this class disposes of a meter only if it has created it.
        _meter = factory?.Create(KafkaJobs.MeterName) ?? new Meter(KafkaJobs.MeterName);
        _meter.CreateObservableCounter("kafkacache.job.runs", Runs, "{run}", "Runs that this instance has ended, by how they ended.");
        _meter.CreateObservableGauge(
            "kafkacache.job.running", () => _running.Select(static one => new Measurement<long>(one.Value, [new("job_name", one.Key)])),
            "{run}",
            "Runs under way in this instance. The sum over all instances is 1 at most for each job.");
        _meter.CreateObservableGauge(
            "kafkacache.job.overdue",
            () => jobs().Where(static one => one.NextRun is not null)
                .Select(static one => new Measurement<double>(one.Overdue.TotalSeconds, [new("job_name", one.Name)])),
            "s",
            "The time by which the next run of a job is overdue; 0 if it is on time.");
        _isOwn = factory is null;
    }

    public IDisposable Begin(string job)
    {
        _running.AddOrUpdate(job, 1, static (_, running) => running + 1);
        return new Running(this, job);
    }

    public void CountEnd(string job, RunEnd end) =>
        Interlocked.Increment(ref _ends.GetOrAdd(job, static _ => new long[Ends.Length])[(int)end]);

    public void Dispose()
    {
        if (_isOwn)
            _meter.Dispose();
    }

    private IEnumerable<Measurement<long>> Runs()
    {
        foreach (var (job, counts) in _ends)
        {
            foreach (var end in Ends)
            {
                yield return new Measurement<long>(
                    Interlocked.Read(ref counts[(int)end]), [new("job_name", job), new("outcome", end.ToString().ToLowerInvariant())]);
            }
        }
    }

    private sealed class Running(JobCounts owner, string job) : IDisposable
    {
        public void Dispose() => owner._running.AddOrUpdate(job, 0, static (_, running) => running - 1);
    }
}
