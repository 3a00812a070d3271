using System.Globalization;
using System.Runtime.CompilerServices;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Waiting;

namespace KafkaCaching.Generations;

/// <summary>Waits until a position is applied in the generation that readers see.</summary>
internal sealed class AppliedWait(
    CacheState state, PositionWaiters waiters, string topic, TimeSpan timeout, TimeProvider time, CacheDurations durations)
{
    [AsyncMethodBuilder(typeof(QuietTaskMethodBuilder))]
    public async Task WaitAsync(CachePosition position, CancellationToken cancellationToken)
    {
        RequireValid(position);
        var begun = durations.Begin();
        try
        {
            await WaitUntimedAsync(position, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ended)
        {
            durations.EndWait(begun, OutcomeOf(ended));
            throw;
        }

        durations.EndWait(begun, WaitOutcome.Applied);
    }

    public void Wait(CachePosition position)
    {
        var begun = durations.Begin();
        try
        {
            WaitUntimed(position);
        }
        catch (Exception ended)
        {
            durations.EndWait(begun, OutcomeOf(ended));
            throw;
        }

        durations.EndWait(begun, WaitOutcome.Applied);
    }

    /// <summary>Returns the positions applied so far, to be called before a put is sent; <see langword="null"/> if the topic is not known
    /// yet, or if its log is known to be gone. In the latter case, the offset of the put will be in the log that is being replayed, to
    /// which the old positions do not apply.</summary>
    public AppliedBefore? AppliedSoFar() =>
        state.Applied is ({ } positions, var logsGone) ? new AppliedBefore(positions.Snapshot(), logsGone) : null;

    /// <summary>Rejects the position of a sent record when it lies below what had been applied before the record was sent. Such a position
    /// cannot belong to the log that is served: the log has been truncated or recreated, and the cache has not noticed yet. Once it has
    /// noticed, the position is not rejected, because a wait for it follows the new log.</summary>
    /// <exception cref="TopicChangedException">The log has changed.</exception>
    public void RequireSameLog(CachePosition position, AppliedBefore? before)
    {
        if (before is null || position.Partition >= before.Offsets.Length || position.Offset >= before.Offsets[position.Partition])
            return;
        if (state.Applied.LogsGone != before.LogsGone)
            return;
        state.TopicDoubted.Give();
        throw new TopicChangedException(string.Create(
            CultureInfo.InvariantCulture,
            $"Position {position} of topic '{topic}' lies below {before.Offsets[position.Partition]}, which had been applied before the "
            + $"record was sent: the log has been truncated or recreated. The cache is about to replay it."));
    }

    private static WaitOutcome OutcomeOf(Exception ended) => ended is TimeoutException ? WaitOutcome.TimedOut : WaitOutcome.Failed;

    private async Task WaitUntimedAsync(CachePosition position, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            await state.TopicKnown.Task.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw TimedOut(position);
        }

        var waiter = Add(position);
        try
        {
            await waiter.Task.WaitAsync(Left(started), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            waiters.Abandon(position.Partition, waiter);
            throw TimedOut(position);
        }
        catch (OperationCanceledException)
        {
            waiters.Abandon(position.Partition, waiter);
            throw;
        }
    }

    private void WaitUntimed(CachePosition position)
    {
        var started = time.GetTimestamp();
        if (!state.TopicKnown.Wait(timeout, time))
            throw TimedOut(position);
        var waiter = Add(position);
        if (!waiter.Wait(Left(started), time))
        {
            waiters.Abandon(position.Partition, waiter);
            throw TimedOut(position);
        }

        _ = waiter.Result;
    }

    private static void RequireValid(CachePosition position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position.Partition, nameof(position));
        ArgumentOutOfRangeException.ThrowIfNegative(position.Offset, nameof(position));
    }

    private Completion<bool> Add(CachePosition position)
    {
        state.ThrowIfEnded();

        // If the partition has just been added to the topic, it is found sooner when the topic is checked now. The generation being built
        // may already include it.
        if (state.Newest is { } newest && position.Partition >= newest.Positions.Count)
            state.TopicDoubted.Give();
        return waiters.Add(position);
    }

    private TimeSpan Left(long started)
    {
        var left = timeout - time.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private TimeoutException TimedOut(CachePosition position)
    {
        var reached = state.Applied.Positions switch
        {
            null when state.Current is null => "the topic is not known yet",
            null => "the log has changed, and the cache is replaying it",
            var positions when position.Partition < positions.Count =>
                string.Create(CultureInfo.InvariantCulture, $"the cache is at {positions[position.Partition].Position}"),
            var positions => string.Create(CultureInfo.InvariantCulture, $"the topic has partitions 0 to {positions.Count - 1}"),
        };
        return new TimeoutException(string.Create(
            CultureInfo.InvariantCulture,
            $"Position {position} of topic '{topic}' was not applied within {timeout.TotalSeconds:0.###} s (ApplyTimeout): {reached}."));
    }

    /// <param name="Offsets">The position in each partition.</param>
    /// <param name="LogsGone">How many times the log had been truncated or recreated by then.</param>
    internal sealed record AppliedBefore(long[] Offsets, int LogsGone);
}
