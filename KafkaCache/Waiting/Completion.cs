using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace KafkaCaching.Waiting;

/// <summary>One outcome, set once, that callers can await or block for. Blocking takes no additional thread from the pool, and waking a
/// blocked caller needs none. A service that blocks in many requests at once must not starve itself.</summary>
internal sealed class Completion<T>
{
    private readonly object _gate = new();
    private TaskCompletionSource<T>? _awaited;
    private bool _done;
    private T? _value;
    private Exception? _error;

    public bool IsDone
    {
        get
        {
            lock (_gate)
                return _done;
        }
    }

    public bool TrySet(T value) => TryFinish(value, error: null);

    public bool TryFail(Exception error) => TryFinish(default, error);

    /// <summary>A task that ends as this completion does. It is created only if a caller awaits.</summary>
    public Task<T> Task
    {
        get
        {
            lock (_gate)
            {
                if (_awaited is null)
                {
                    _awaited = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (_done)
                        Forward_NeedsLock(_awaited);
                }

                return _awaited.Task;
            }
        }
    }

    /// <summary>Blocks until the outcome is set or the time is up.</summary>
    /// <returns>Whether the outcome is set.</returns>
    public bool Wait(TimeSpan timeout, TimeProvider time)
    {
        var started = time.GetTimestamp();
        lock (_gate)
        {
            // Monitor.Wait can't use a clock of the caller's, so a timer of that clock ends the wait instead.
            using var timer = time == TimeProvider.System || timeout == Timeout.InfiniteTimeSpan
                ? null
                : time.CreateTimer(static gate => Pulse(gate!), _gate, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            while (!_done)
            {
                if (timeout == Timeout.InfiniteTimeSpan)
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                var left = timeout - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                    return false;
                if (left > MaxMonitorWait)
                    left = MaxMonitorWait;
                if (timer is null)
                {
                    Monitor.Wait(_gate, left);
                    continue;
                }

                // The timer is armed in each round. It is less precise than the timestamps, so it may have fired too early.
                timer.Change(left, Timeout.InfiniteTimeSpan);
                Monitor.Wait(_gate);
            }

            return true;
        }
    }

    /// <summary>The value; throws if the outcome is an error. Call it only when the outcome is set.</summary>
    public T Result
    {
        get
        {
            lock (_gate)
            {
                if (!_done)
                    throw new InvalidOperationException("The outcome is not known yet.");
                if (_error is not null)
                    ExceptionDispatchInfo.Throw(_error);
                return _value!;
            }
        }
    }

    private static readonly TimeSpan MaxMonitorWait = TimeSpan.FromHours(1);

    private bool TryFinish(T? value, Exception? error)
    {
        lock (_gate)
        {
            if (_done)
                return false;
            _done = true;
            _value = value;
            _error = error;
            if (_awaited is not null)
                Forward_NeedsLock(_awaited);
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    private void Forward_NeedsLock(TaskCompletionSource<T> awaited)
    {
        if (_error is null)
        {
            awaited.SetResult(_value!);
            return;
        }

        awaited.SetException(_error);
        // The wait may have timed out, so that nobody looks at this task. Its failure must not count as unobserved.
        _ = awaited.Task.Exception;
    }

    [SuppressMessage("Usage", "MA0064", Justification = "The gate is the one this object hands to its own timer.")]
    private static void Pulse(object gate)
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }
}
