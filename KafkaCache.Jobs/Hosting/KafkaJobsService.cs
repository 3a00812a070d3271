using System.Diagnostics.Metrics;
using KafkaCaching.Jobs.Running;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>Checks the topics of the jobs when the host starts, and takes part in the election of each job that has a schedule.</summary>
internal sealed class KafkaJobsService(
    JobStore store, IEnumerable<JobDefinition> jobs, JobRunner runner, JobLoops shown, IMeterFactory? meters, ILogger logger)
    : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<KafkaLeadership> _leaderships = [];
    private readonly List<Task> _loops = [];
    private Task _later = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        TableTopic[] topics = [Topic(JobTableOptions.Table(store.Options)), Topic(JobTableOptions.Logs(store.Options))];
        var answers = await Task.WhenAll(topics.Select(topic => topic.TryEnsureAsync(cancellationToken))).ConfigureAwait(false);
        if (answers.All(static isThere => isThere))
            Campaign();
        else
            _later = CampaignLaterAsync(topics);

        TableTopic Topic(TopicRequirements required) => new(
            "Jobs", required, store.Options.BootstrapServers, store.Options.Client, store.Options.CreateTopic, store.Time, store.Loggers,
            logger);
    }

    /// <summary>Cancels the runs in progress, waits until their ends are saved, and leaves the elections.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _later.WaitAsync(cancellationToken).ConfigureAwait(false);
        Task[] loops;
        lock (_gate)
            loops = [.. _loops];
        try
        {
            await Task.WhenAll(loops).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Leaves the elections if the host was disposed without being stopped, so that other instances can run the jobs even if this
    /// process continues. Runs in progress are cancelled, and their ends are not awaited.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private async Task LeaveAsync()
    {
        KafkaLeadership[] leaderships;
        lock (_gate)
            leaderships = [.. _leaderships];
        await Task.WhenAll(leaderships.Select(static one => one.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private void Campaign()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            foreach (var job in jobs.Where(static one => one.Schedule is not null))
            {
                var leadership = JobElection.Join(job.Name, store.Options, store.Time, meters, store.Loggers);
                _leaderships.Add(leadership);
                var loop = new JobLoop(job, store, leadership, runner, logger);
                shown.Add(job.Name, loop);
                _loops.Add(Task.Run(() => loop.RunAsync(_stopping.Token)));
            }
        }
    }

    private async Task CampaignLaterAsync(TableTopic[] topics)
    {
        try
        {
            foreach (var topic in topics)
                await topic.EnsureAsync(_stopping.Token).ConfigureAwait(false);
            Campaign();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }
}
