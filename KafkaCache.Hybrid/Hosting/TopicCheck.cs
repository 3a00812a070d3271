using KafkaCaching.Diagnostics;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Hosting;

/// <summary>Creates or checks the topic of a hybrid cache before the host starts its caches. The start fails if the topic does not meet the
/// requirements. If the brokers don't answer within ten seconds, the start continues, because the service can work without its cache, and
/// the check is repeated until they answer.</summary>
internal sealed class TopicCheck(string cache, Func<KafkaHybridCacheOptions> settings, TimeProvider time, ILoggerFactory? loggerFactory)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = GuardedLogger.Of(loggerFactory, $"KafkaCache.{cache}");
    private readonly CancellationTokenSource _stopping = new();
    private Task _asking = Task.CompletedTask;
    private int _isStopped;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var options = settings();
        if (options.Log is not null || options.Backend != KafkaHybridCacheBackend.Kafka)
            return;
        try
        {
            await EnsureAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException unanswered)
        {
            Log.TopicUnanswered(_logger, cache, unanswered.Message);
            _asking = AskUntilAnsweredAsync(options, _stopping.Token);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return _asking.WaitAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stops the check, before or after <see cref="StopAsync"/>. Safe to call from any thread.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
            return;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task AskUntilAnsweredAsync(KafkaHybridCacheOptions options, CancellationToken stop)
    {
        try
        {
            while (!await TryEnsureAsync(options, stop).ConfigureAwait(false))
                await Task.Delay(Pause, time, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host is stopping.
        }
        catch (TopicRequirementsException unfit)
        {
            Log.TopicUnfit(_logger, cache, unfit.Message);
        }
    }

    private async Task<bool> TryEnsureAsync(KafkaHybridCacheOptions options, CancellationToken stop)
    {
        try
        {
            await EnsureAsync(options, stop).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<EnsuredTopic> EnsureAsync(KafkaHybridCacheOptions options, CancellationToken stop) => KafkaTopics.EnsureAsync(
        RequiredTopic.Of(options),
        new EnsureTopicOptions
        {
            BootstrapServers = options.BootstrapServers, Client = options.Client, Create = options.CreateTopic, Timeout = Patience,
            TimeProvider = time,
        },
        loggerFactory, stop);
}
