namespace KafkaCaching.Waiting;

/// <summary>One outcome, set once, that callers can await or block for.</summary>
internal sealed class Completion<T>
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsDone => Task.IsCompleted;

    /// <summary>A task that ends as this completion does.</summary>
    public Task<T> Task => _source.Task;

    /// <summary>The value; throws if the outcome is an error. Call it only when the outcome is set.</summary>
    public T Result =>
        IsDone ? Task.GetAwaiter().GetResult() : throw new InvalidOperationException("The outcome is not known yet.");

    public bool TrySet(T value) => _source.TrySetResult(value);

    public bool TryFail(Exception error)
    {
        if (!_source.TrySetException(error))
            return false;

        // Every wait may have timed out, and then no code looks at this task. Its failure must not count as unobserved.
        _ = Task.Exception;
        return true;
    }

    /// <summary>Blocks until the outcome is set or the time is up. Waking a blocked caller takes no thread from the pool.</summary>
    /// <returns>Whether the outcome is set.</returns>
    public bool Wait(TimeSpan timeout, TimeProvider time)
    {
        try
        {
            if (time == TimeProvider.System)
                return Task.Wait(timeout);
            Task.WaitAsync(timeout, time).Wait();
        }
        catch (AggregateException)
        {
            // The outcome is an error, or the time of another clock is up.
        }

        return IsDone;
    }
}
