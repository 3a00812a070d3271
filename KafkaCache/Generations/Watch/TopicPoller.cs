using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations.Watch;

/// <summary>Asks now and then, on a client of its own, what the topic is and where its log ends: so that lag and staleness tell the truth
/// when the consumer hangs, and that what the consumer can't see is seen.</summary>
internal sealed class TopicPoller(
    ITopic topic, Generation generation, LoopRequests requests, StaleClock clock, SupervisorSettings settings, CacheState state,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan WhileReplaying = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileServing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(200);

    private readonly CaughtUpCheck _tail = new(generation, requests, clock, settings, state, logger);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private bool _ended;
    private bool _policyIsSettled;
    private string? _said;

    public void Start() => Task.Run(() => WatchAsync(_stopping.Token)).Observe();

    /// <summary>When it returns the watch does nothing more to the cache. Not waited for is the watch itself: it ends on a thread of the
    /// pool, which a service that blocks in many requests, or ends many caches at once, may have left none of.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        lock (_gate)
            _ended = true;
    }

    /// <summary>Does something to the cache, unless the watch has been told to end.</summary>
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
                clock.WatchIs("waiting for its next look");
                await PauseAsync(stopping).ConfigureAwait(false);
                await AskAsync(stopping).ConfigureAwait(false);
                Act(clock.Check);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
        catch (Exception cause)
        {
            // Nobody awaits this task while the cache lives, which would go stale and never say why.
            Act(() => requests.WatchFailed(cause));
        }
    }

    private Task PauseAsync(CancellationToken stopping)
    {
        var interval = Interval();
        var least = interval < LeastPause ? interval : LeastPause;
        return state.TopicDoubted.WaitAsync(least, UntilNextLook(interval, least), settings.Time, stopping);
    }

    // At the same moments as every other cache of the process: what they ask together costs the brokers, and us, one request.
    private TimeSpan UntilNextLook(TimeSpan interval, TimeSpan least)
    {
        var left = interval - TimeSpan.FromTicks(settings.Time.GetElapsedTime(0).Ticks % interval.Ticks);
        return left >= least ? left : left + interval;
    }

    private TimeSpan Interval()
    {
        var interval = generation.Positions.HaveReachedTargets ? WhileServing : WhileReplaying;
        return interval < settings.StaleAfter / 3 ? interval : settings.StaleAfter / 3;
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        var asked = settings.Time.GetTimestamp();
        clock.WatchIs("asking the brokers");
        try
        {
            // Also before every listing: an admin client lists with the leader epochs of its metadata, and after a change of leader fails
            // with FencedLeaderEpoch until it describes the topic anew.
            var shape = await topic.DescribeAsync().WaitOrAbandonAsync(stopping).ConfigureAwait(false);
            if (shape.Id != generation.Topic.Id)
            {
                Act(TopicReplaced);
                return;
            }

            if (shape.Partitions > generation.Positions.Count)
                await AddPartitionsAsync(shape.Partitions, stopping).ConfigureAwait(false);

            var ends = await topic.ListEndsAsync(generation.Positions.Count).WaitOrAbandonAsync(stopping).ConfigureAwait(false);
            Act(() => _tail.Check(ends, asked, Interval()));
            _said = null;

            // Brokers that were in trouble when the generation began have not told it.
            if (!_policyIsSettled)
                await AskForPolicyAsync(stopping).ConfigureAwait(false);
        }
        catch (TopicException problem)
        {
            // Not an end: the stale clock runs, and says so when it is out.
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

    private async Task AskForPolicyAsync(CancellationToken stopping)
    {
        try
        {
            var policy = await topic.PolicyAsync().WaitOrAbandonAsync(stopping).ConfigureAwait(false);
            if (policy.Cleanup is not (null or "compact"))
                Act(() => Log.NotCompactOnly(logger, settings.Topic, policy.Cleanup));
            _tail.DeleteRetention = policy.DeleteRetention;
            _policyIsSettled = true;
        }
        catch (TopicException unknown)
        {
            // Needs the ACL DescribeConfigs, which a cache can do without.
            _policyIsSettled = unknown.Problem == TopicProblem.Refused;
            Act(() => Log.CleanupPolicyUnknown(logger, settings.Topic, unknown.Message));
        }
    }
}
