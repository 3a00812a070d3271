using System.Globalization;
using KafkaCaching.Replay;
using KafkaCaching.Waiting;

namespace KafkaCaching.Generations;

/// <summary>Waits until a position is applied in what readers see.</summary>
internal sealed class AppliedWait(CacheState state, PositionWaiters waiters, string topic, TimeSpan timeout, TimeProvider time)
{
    public async Task WaitAsync(CachePosition position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position.Offset, nameof(position));
        var started = time.GetTimestamp();
        try
        {
            await state.TopicKnown.Task.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw TimedOut(position);
        }

        var waiter = waiters.Add(position);
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

    public void Wait(CachePosition position)
    {
        var started = time.GetTimestamp();
        if (!state.TopicKnown.Wait(timeout, time))
            throw TimedOut(position);
        state.ThrowIfEnded();
        var waiter = waiters.Add(position);
        if (!waiter.Wait(Left(started), time))
        {
            waiters.Abandon(position.Partition, waiter);
            throw TimedOut(position);
        }

        _ = waiter.Result;
    }

    private TimeSpan Left(long started)
    {
        var left = timeout - time.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private TimeoutException TimedOut(CachePosition position)
    {
        var reached = state.Current is { } current && (uint)position.Partition < (uint)current.Positions.Count
            ? string.Create(CultureInfo.InvariantCulture, $"the cache stands at {current.Positions[position.Partition].Position}")
            : "the topic is not known yet";
        return new TimeoutException(string.Create(
            CultureInfo.InvariantCulture, $"Position {position} of topic '{topic}' was not applied within {timeout.TotalSeconds:0.###} s (ApplyTimeout): {reached}."));
    }
}
