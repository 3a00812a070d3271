using KafkaCaching.Diagnostics;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Asks now and then, on a client of its own, where the log ends: so that lag and staleness tell the truth when the consumer hangs.</summary>
internal sealed class HeadWatch(
    ITopic topic, Generation generation, GenerationTurn turn, StaleClock clock, SupervisorSettings settings, CacheState state, ILogger logger) : IDisposable
{
    private static readonly TimeSpan WhileReplaying = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileServing = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private string? _said;

    public void Start() => _watching = Task.Run(() => WatchAsync(_stopping.Token));

    public void Dispose()
    {
        _stopping.Cancel();
        _watching.GetAwaiter().GetResult();
        _stopping.Dispose();
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        try
        {
            await WarnUnlessCompactedAsync(stopping).ConfigureAwait(false);
            while (true)
            {
                await Task.Delay(Interval(), settings.Time, stopping).ConfigureAwait(false);
                await AskAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
        catch (Exception cause)
        {
            // Nobody awaits this task while the cache lives, which would go stale and never say why.
            turn.WatchFailed(cause);
        }
    }

    private TimeSpan Interval()
    {
        var interval = generation.Positions.HaveReachedTargets ? WhileServing : WhileReplaying;
        return interval < settings.StaleAfter / 3 ? interval : settings.StaleAfter / 3;
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        try
        {
            // Also before every listing: an admin client lists with the leader epochs of its metadata, and after a change of leader fails with
            // FencedLeaderEpoch until it describes the topic anew.
            var shape = await topic.DescribeAsync().WaitAsync(stopping).ConfigureAwait(false);
            if (shape.Id != generation.Topic.Id)
            {
                Log.TopicReplaced(logger, settings.Topic);
                turn.TopicReplaced();
                return;
            }

            if (shape.Partitions > generation.Positions.Count)
            {
                Log.PartitionsAdded(logger, settings.Topic, generation.Positions.Count, shape.Partitions);
                turn.PartitionsAdded();
                return;
            }

            var heads = await topic.ListHeadsAsync(generation.Positions.Count).WaitAsync(stopping).ConfigureAwait(false);
            foreach (var partition in generation.Positions.Partitions)
            {
                partition.SawHighWatermark(heads[partition.Partition].HighWatermark);
                partition.SawLastStableOffset(heads[partition.Partition].LastStableOffset);
            }

            clock.HeadConfirmed();
            state.SetReason(null);
            _said = null;
        }
        catch (TopicException problem)
        {
            // Not an end: the stale clock runs, and says so when it is out.
            state.SetReason(problem.Message);
            if (_said != problem.Message)
                Log.TopicUnanswered(logger, _said = problem.Message);
        }
    }

    private async Task WarnUnlessCompactedAsync(CancellationToken stopping)
    {
        try
        {
            var policy = await topic.PolicyAsync().WaitAsync(stopping).ConfigureAwait(false);
            if (policy.Cleanup is not (null or "compact"))
                Log.NotCompactOnly(logger, settings.Topic, policy.Cleanup);
        }
        catch (TopicException unknown)
        {
            // Needs the ACL DescribeConfigs, which a cache can do without.
            Log.CleanupPolicyUnknown(logger, settings.Topic, unknown.Message);
        }
    }
}
