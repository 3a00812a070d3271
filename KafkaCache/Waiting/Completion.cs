namespace KafkaCaching.Waiting;

/// <summary>An outcome that is set once, and that callers can wait for asynchronously or by blocking.</summary>
internal sealed class Completion<T>
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsDone => Task.IsCompleted;

    /// <summary>A task that completes when the outcome is set, with the same value or error.</summary>
    public Task<T> Task => _source.Task;

    /// <summary>The value. If the outcome is an error, the property throws it. Read the value only after the outcome has been
    /// set.</summary>
    public T Result =>
        IsDone ? Task.GetAwaiter().GetResult() : throw new InvalidOperationException("The outcome is not known yet.");

    public bool TrySet(T value) => _source.TrySetResult(value);

    public bool TryFail(Exception error)
    {
        if (!_source.TrySetException(error))
            return false;

        // If every wait has timed out, no code observes this task. Its failure must not count as unobserved.
        _ = Task.Exception;
        return true;
    }

    /// <summary>Blocks until the outcome is set or the time-out has passed. Waking a blocked caller needs no thread from the
    /// pool.</summary>
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
            // The outcome is an error, or the time-out on a clock other than the system's has passed.
        }

        return IsDone;
    }
}
