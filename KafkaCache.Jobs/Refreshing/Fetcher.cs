using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>Runs the fetch of a refreshed cache in its own scope of services, with a timeout, and retries it after a failure.</summary>
internal sealed class Fetcher<TKey, TRow>
    where TKey : notnull
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(10);

    private readonly RefreshedCacheOptions<TKey, TRow> _options;
    private readonly IServiceScopeFactory _scopes;
    private readonly Func<long> _request;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, string> _args;
    private readonly ResiliencePipeline _attempts;
    private FetchProgress? _progress;

    public Fetcher(
        string cache, RefreshedCacheOptions<TKey, TRow> options, IServiceScopeFactory scopes, Func<long> request, TimeProvider time,
        ILogger logger)
    {
        (_options, _scopes, _request, _time) = (options, scopes, request, time);
        _args = new Dictionary<string, string>(options.Args, StringComparer.Ordinal);
        var attempts = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.Retries > 0)
        {
            attempts.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.RetryDelay,
                MaxDelay = MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static outcome => ValueTask.FromResult(
                    outcome.Outcome.Exception is not null && !outcome.Context.CancellationToken.IsCancellationRequested),
                OnRetry = retry =>
                {
                    Log.FetchRetried(
                        logger, cache, retry.AttemptNumber + 1, retry.RetryDelay.TotalMilliseconds, retry.Outcome.Exception!.Message);
                    return ValueTask.CompletedTask;
                },
            });
        }

        _attempts = attempts.Build();
    }

    /// <summary>The progress of the current fetch; <see langword="null"/> if there is none.</summary>
    public FetchProgress? Progress => Volatile.Read(ref _progress);

    /// <param name="last">When the fetch of the previous version began.</param>
    /// <param name="use">Checks and uses the fetched rows. If it throws, the attempt has failed.</param>
    /// <param name="stop">Ends the fetch.</param>
    public async Task<T> RunAsync<T>(DateTimeOffset? last, Func<Fetched<TRow>, T> use, CancellationToken stop)
    {
        var attempt = 0;
        try
        {
            return await _attempts.ExecuteAsync(
                async token => use(await FetchAsync(++attempt, last, token).ConfigureAwait(false)), stop).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _progress, null);
        }
    }

    private async Task<Fetched<TRow>> FetchAsync(int attempt, DateTimeOffset? last, CancellationToken stop)
    {
        var request = _request();
        var at = _time.GetUtcNow();
        var started = _time.GetTimestamp();
        Volatile.Write(ref _progress, new FetchProgress(0, null));
        using var deadline = new CancellationTokenSource(_options.FetchTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        var token = either.Token;
        try
        {
            // A fetch that ignores its token is abandoned. It keeps its scope until it ends, and its result is discarded.
            var rows = await Task.Run(() => FetchInScopeAsync(attempt, last, token), token).WaitOrAbandonAsync(token)
                .ConfigureAwait(false);
            return new Fetched<TRow>(
                rows ?? throw new RefreshFailedException("The fetch returned null."), at, _time.GetElapsedTime(started), request);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new RefreshFailedException($"The fetch took longer than FetchTimeout, which is {_options.FetchTimeout}.", late);
        }
    }

    private async Task<IReadOnlyCollection<TRow>> FetchInScopeAsync(int attempt, DateTimeOffset? last, CancellationToken stop)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var fetch = new RefreshFetch(
            scope.ServiceProvider, _args, attempt, last, (done, total) =>
            {
                // An abandoned fetch may still report its progress, even while another fetch runs.
                if (!stop.IsCancellationRequested)
                    Volatile.Write(ref _progress, new FetchProgress(done, total));
            });
        return await _options.Fetch!(fetch, stop).ConfigureAwait(false);
    }
}
