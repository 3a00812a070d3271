using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.EntityFrameworkCore.ChangeStreams;

/// <summary>Writes marks for the changes that a source reports. Only one elected instance does this. A new leader reads all changes that
/// the previous one had not acknowledged, and writes their marks again: an extra mark costs reads, but a missing one would leave outdated
/// results.</summary>
/// <remarks>A leader that was suspended and replaced may still write a mark. It is only an extra mark, so no fencing is needed.</remarks>
internal sealed class ChangeRelay(
    KafkaEfCache cache, Func<IChangeSource> newSource, ChangeRelayOptions options, ILoggerFactory loggers, IMeterFactory? meters)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = GuardedLogger.Of(loggers, "KafkaCache.EntityFrameworkCore");
    private readonly TimeProvider _time = cache.Time;
    private string? _problem;
    private CancellationToken? _term;

    public RelayCounts Counts { get; } = new(cache.Time);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        string[] faults = [.. options.Faults()];
        return faults.Length == 0
            ? base.StartAsync(cancellationToken)
            : throw new OptionsValidationException(cache.Name, options.GetType(), faults);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var source = newSource();
        using var shown = RelayMetrics.For(meters).Add(cache.Name, source.Name, Counts);
        await using var leadership = Campaign(source);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var lost = leadership is null
                    ? CancellationToken.None
                    : (await leadership.WaitForLeadershipAsync(stoppingToken).ConfigureAwait(false)).Lost;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, stoppingToken);
                if (_term != lost)
                    Log.RelayReads(_logger, cache.Name, source.Name);
                _term = lost;
                await LeadAsync(source, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The host is stopping.
            }

            await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(IChangeSource source, CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        try
        {
            // Marks must not be written before the cache is ready.
            await cache.Hybrid.Cache.WaitUntilReadyAsync(stop).ConfigureAwait(false);
            Counts.Begin();
            await source.RunAsync(new ChangeSink(cache, source.Name, Counts, _logger), stop).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            // When the term has ended or the host is stopping, the token cancels the source's operations, which may then throw any
            // exception.
            if (!stop.IsCancellationRequested)
                Note(source, failed, _time.GetElapsedTime(began));
        }
        finally
        {
            Counts.End();
        }
    }

    // While a source is unavailable, it fails every second with the same message, which is logged only once. If it then runs for a while,
    // it was available again, and its next failure is logged.
    private void Note(IChangeSource source, Exception failed, TimeSpan ran)
    {
        Counts.CountFailure();
        if (_problem != failed.Message || ran > Recovery)
            Log.RelayFailed(_logger, failed, cache.Name, source.Name, failed.Message);
        _problem = failed.Message;
    }

    // Without brokers there is only one process, which needs no election.
    private KafkaLeadership? Campaign(IChangeSource source)
    {
        var hybrid = cache.Options.Hybrid;
        return hybrid.Log is not null || hybrid.Backend == KafkaHybridCacheBackend.Memory
            ? null
            : KafkaLeadership.Campaign(
                new LeadershipOptions
                {
                    BootstrapServers = hybrid.BootstrapServers,
                    Client = hybrid.Client,
                    Name = $"{cache.Hybrid.Cache.Topic}.changes.{source.Name}",
                    Topic = options.ElectionTopic,
                    CreateTopic = options.CreateElectionTopic,
                    ReplicationFactor = options.ReplicationFactor,
                    SessionTimeout = options.SessionTimeout,
                    TimeProvider = _time,
                    MeterFactory = meters,
                },
                loggers);
    }
}
