using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>Creates, starts and stops the parts of one refreshed cache. The cache begins to read when it starts, and takes part in the
/// election once the topic has been checked.</summary>
internal sealed class RefreshedCacheParts<TKey, TRow> : IRefreshedCacheLife, IAsyncDisposable, IDisposable
    where TKey : notnull
{
    private readonly RefreshedCacheOptions<TKey, TRow> _options;
    private readonly SnapshotReader<TKey, TRow> _reader;
    private readonly Func<KafkaLeadership, Refresher<TKey, TRow>> _newRefresher;
    private readonly Fetcher<TKey, TRow> _fetcher;
    private readonly TableTopic _topic;
    private readonly LeadershipOptions _election;
    private readonly ILoggerFactory _loggers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly IDisposable _shown;
    private readonly Lock _gate = new();
    private KafkaLeadership? _leadership;
    private Task _leading = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private bool _isReading;

    public RefreshedCacheParts(
        string name, RefreshedCacheOptions<TKey, TRow> options, IKafkaCache<string, TableValue> table, IServiceScopeFactory scopes,
        TimeProvider time, IMeterFactory? meters, ILoggerFactory loggers, Func<Stage<TKey, TRow>, Manifest, bool>? isWhole = null)
    {
        (_options, _loggers) = (options, loggers);
        var logger = GuardedLogger.Of(loggers, $"KafkaCache.{name}");
        var codec = RowCodec.Of(options, table.Topic);
        var counts = new RefreshCounts();
        _reader = new SnapshotReader<TKey, TRow>(
            table, codec, new SnapshotBuilder<TKey, TRow>(options.OrderBy, options.Groups),
            isWhole ?? (static (stage, manifest) => stage.Is(manifest)), time, logger);
        Cache = new RefreshedCache<TKey, TRow>(name, options, table, _reader, time, _ended.Token);
        _fetcher = new Fetcher<TKey, TRow>(name, options, scopes, () => LastRequest(table), time, logger);
        var planner = new RefreshPlanner<TKey, TRow>(table, codec, options.Key!, RefreshLimits.Of(options));
        _newRefresher = leadership => new Refresher<TKey, TRow>(
            name, options, table, leadership, planner, _fetcher, _reader.Heard, counts, time, loggers, logger);
        _topic = new TableTopic(
            $"Refreshed cache {name}", RequiredTopic(options, table.Topic), options.BootstrapServers, options.Client, options.CreateTopic,
            time, loggers, logger);
        _election = options.Election(table.Topic, time, meters);
        _shown = RefreshMetrics.For(meters).Add(name, () => Cache.Status, counts);
    }

    public RefreshedCache<TKey, TRow> Cache { get; }

    public async Task StartAsync(bool waits, CancellationToken cancellationToken)
    {
        Read();
        if (await _topic.TryEnsureAsync(cancellationToken).ConfigureAwait(false))
            Campaign();
        else
            _leading = CampaignLaterAsync();
        if (waits)
            await Cache.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Leaves the election, so that another instance refreshes. The served version can still be read.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        KafkaLeadership? leadership;
        lock (_gate)
            leadership = _leadership;
        if (leadership is not null)
            await leadership.DisposeAsync().ConfigureAwait(false);
        await _leading.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _ended.CancelAsync().ConfigureAwait(false);
        _shown.Dispose();
        await _reading.ConfigureAwait(false);
    }

    /// <summary>Disposes of the cache for a container that is disposed of synchronously.</summary>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    /// <summary>Starts to read the topic. This is also called when the cache is resolved, for containers without a host.</summary>
    public void Read()
    {
        lock (_gate)
        {
            if (_isReading || _ended.IsCancellationRequested)
                return;
            _isReading = true;
            _reading = Task.Run(() => _reader.RunAsync(_ended.Token));
        }
    }

    private void Campaign()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _leadership = KafkaLeadership.Campaign(_election, _loggers);
            var refresher = _newRefresher(_leadership);
            Cache.Leading = new RefreshLeading(_leadership, () => refresher.Next, () => _fetcher.Progress, () => refresher.Problem);
            _leading = Task.Run(() => refresher.RunAsync(_stopping.Token));
        }
    }

    private async Task CampaignLaterAsync()
    {
        try
        {
            await _topic.EnsureAsync(_stopping.Token).ConfigureAwait(false);
            Campaign();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private static long LastRequest(IKafkaCache<string, TableValue> table) =>
        table.TryGetEntry(ReservedKeys.Request, out var entry) ? entry.Offset : -1;

    private static TopicRequirements RequiredTopic(RefreshedCacheOptions<TKey, TRow> options, string topic) => new()
    {
        Name = topic,
        Partitions = 1,
        MaxPartitions = 1,
        ReplicationFactor = options.ReplicationFactor,
    };
}
