using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations.Watch;

/// <summary>Periodically queries the brokers, through a separate client, about the topic and the end of its log. Lag and staleness are
/// therefore correct even when the consumer hangs, and changes that the consumer can't see are detected.</summary>
internal sealed class TopicPoller(
    ITopic topic, Generation generation, LoopRequests requests, StaleClock clock, SupervisorSettings settings, CacheState state,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan WhileReplaying = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileServing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(200);

    private readonly CaughtUpCheck _tail = new(generation, requests, clock, settings, state, logger);
    private readonly KnownPolicy _policy = new(settings.Time);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private bool _ended;
    private string? _said;

    public void Start() => Task.Run(() => WatchAsync(_stopping.Token)).Observe();

    /// <summary>After this returns, the poller makes no further change to the cache. Its task is not awaited: the task ends on a
    /// thread-pool thread, and a service that blocks in many requests, or disposes of many caches at once, may have no free thread in the
    /// pool.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        lock (_gate)
            _ended = true;
    }

    /// <summary>Runs an action that affects the cache, unless the poller has been disposed of.</summary>
    private void Act(Action act)
    {
        lock (_gate)
        {
            if (!_ended)
                act();
        }
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        try
        {
            await AskForPolicyAsync(stopping).ConfigureAwait(false);
            while (true)
            {
                clock.WatchIs("waiting for its next check");
                await PauseAsync(stopping).ConfigureAwait(false);
                await AskAsync(stopping).ConfigureAwait(false);
                Act(clock.Check);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The poller has been disposed of.
        }
        catch (Exception cause)
        {
            // This task is not awaited. Without this call, the cache would become stale and never report why.
            Act(() => requests.WatchFailed(cause));
        }
    }

    private Task PauseAsync(CancellationToken stopping)
    {
        var interval = Interval();
        var min = interval < MinPause ? interval : MinPause;
        return state.TopicDoubted.WaitAsync(min, UntilNextLook(interval, min), settings.Time, stopping);
    }

    // All caches of the process query the brokers at the same moments, so that their queries are combined into one request.
    private TimeSpan UntilNextLook(TimeSpan interval, TimeSpan min)
    {
        var left = interval - TimeSpan.FromTicks(settings.Time.GetElapsedTime(0).Ticks % interval.Ticks);
        return left >= min ? left : left + interval;
    }

    private TimeSpan Interval()
    {
        var interval = generation.Positions.HaveReachedTargets ? WhileServing : WhileReplaying;
        return interval < settings.StaleAfter / 3 ? interval : settings.StaleAfter / 3;
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        var asked = new Moment(settings.Time);
        clock.WatchIs("asking the brokers");
        try
        {
            // The topic is described before every listing, because an admin client sends the leader epochs in its metadata when it lists
            // offsets. After a change of leader, the listing fails with FencedLeaderEpoch until the topic is described again.
            var shape = await topic.DescribeAsync().WaitOrAbandonAsync(stopping).ConfigureAwait(false);
            if (shape.Id != generation.Topic.Id)
            {
                Act(TopicReplaced);
                return;
            }

            if (shape.Partitions > generation.Positions.Count)
                await AddPartitionsAsync(shape.Partitions, stopping).ConfigureAwait(false);

            // The policy is requested before the lag is compared with the retention, which may have been shortened since the last request.
            if (_policy.IsDue)
                await AskForPolicyAsync(stopping).ConfigureAwait(false);

            var ends = await topic.ListEndsAsync(generation.Positions.Count).WaitOrAbandonAsync(stopping).ConfigureAwait(false);
            Act(() => _tail.Check(ends, asked, Interval(), hasAll: ends.Length >= shape.Partitions));
            _said = null;
        }
        catch (TopicException problem)
        {
            // The poller continues. The stale clock keeps running and reports when the cache becomes stale.
            Act(() => Unanswered(problem.Message));
        }
    }

    private void TopicReplaced()
    {
        Log.TopicReplaced(logger, settings.Topic);
        requests.LogChanged();
    }

    private void Unanswered(string problem)
    {
        state.SetReason(problem);
        if (_said != problem)
            Log.TopicUnanswered(logger, _said = problem);
    }

    private async Task AddPartitionsAsync(int total, CancellationToken stopping)
    {
        var before = generation.Positions.Count;
        var ranges = await topic.ListRangesAsync(total).WaitOrAbandonAsync(stopping).ConfigureAwait(false);
        var added = new PartitionProgress[total - before];
        for (var i = 0; i < added.Length; i++)
            added[i] = PartitionProgress.Of(before + i, ranges[before + i]);
        Act(() =>
        {
            Log.PartitionsAdded(logger, settings.Topic, before, total);
            requests.PartitionsAdded(added);
        });
    }

    // If records expire, the topic's policy may include delete, but it must not delete records before they have expired.
    private void Judge(string cleanup, TopicPolicy policy)
    {
        if (cleanup == "compact")
            return;
        if (!settings.Expires || !cleanup.Contains("compact", StringComparison.Ordinal))
            Act(() => Log.NotCompactOnly(logger, settings.Topic, cleanup));
        else if (settings.TimeToLive is { } time && !policy.Keeps(time))
            Act(() => Log.RetentionTooShort(logger, settings.Topic, policy.Retention!.Value.TotalMilliseconds, time.TotalMilliseconds));
    }

    private async Task AskForPolicyAsync(CancellationToken stopping)
    {
        try
        {
            var policy = await topic.PolicyAsync().WaitOrAbandonAsync(stopping).ConfigureAwait(false);
            if (policy.Cleanup is { } cleanup && cleanup != _policy.Cleanup)
                Judge(cleanup, policy);
            _policy.Told(policy);
        }
        catch (TopicException unknown)
        {
            // The request needs the ACL DescribeConfigs, but a cache works without it.
            if (unknown.Problem == TopicProblem.Refused)
                _policy.Refused();
            Act(() => Log.CleanupPolicyUnknown(logger, settings.Topic, unknown.Message));
        }

        _tail.DeleteRetention = _policy.DeleteRetention;
        _tail.IsRetentionInDoubt = _policy.IsDue;
    }
}
